import type { JsonObject } from '../../core/json.ts';
import type { SyncMode } from './membership.ts';
import type { TargetFields } from './target.ts';

/** The fields that rows of a request share, and the columns that are no identifiers. */
export interface RequestFields {
  readonly page_ids?: readonly string[];
  readonly app_ids?: readonly string[];
  readonly ig_account_ids?: readonly string[];
  readonly is_raw?: boolean;
  readonly data_processing_options?: readonly string[];
  readonly data_processing_options_country?: number;
  readonly data_processing_options_state?: number;
}

/** The checked fields of Sync Audience; the identifiers are read by their names. */
export interface SyncAudienceFields extends TargetFields, RequestFields {
  readonly membership?: unknown;
  readonly sync_mode?: SyncMode;
  readonly value?: number;
  readonly before?: JsonObject;
}

/** The checked fields of Sync Audience List. */
export interface SyncAudienceListFields extends TargetFields, RequestFields {
  readonly users_add?: unknown;
  readonly users_remove?: unknown;
  readonly users?: unknown;
  readonly operation?: string;
  readonly cohort_name?: string;
  readonly session_id_add?: string;
  readonly session_id_remove?: string;
  readonly batch_sequence?: number;
  readonly last_batch_flag?: boolean;
  readonly schema_fields?: readonly string[];
  readonly hash?: boolean;
  readonly format?: boolean;
  readonly audiences?: JsonObject;
  readonly event_name?: string;
}
