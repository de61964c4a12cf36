import type { AudienceRequestSettings } from '../../core/audience.ts';
import { type ColumnValues, hasColumn, withValues } from './column-values.ts';
import type { RequestFields } from './fields/audience-target.ts';

/** Of most requests, and one object: rows with the same settings are told by it. */
const noSettings: AudienceRequestSettings = {};

export function requestSettings(fields: RequestFields): AudienceRequestSettings {
  const { page_ids, app_ids, ig_account_ids, is_raw, data_source } = fields;
  if ((page_ids ?? app_ids ?? ig_account_ids ?? is_raw ?? data_source) === undefined) return noSettings;
  return {
    ...(page_ids !== undefined && { pageIds: page_ids }),
    ...(app_ids !== undefined && { appIds: app_ids }),
    ...(ig_account_ids !== undefined && { igAccountIds: ig_account_ids }),
    ...(is_raw !== undefined && { raw: is_raw }),
    ...(data_source !== undefined && { dataSource: data_source }),
  };
}

/**
 * The columns that Meta can read: a page-scoped id is one only together with its page, an app-scoped one with its app
 * (Meta: custom audience, users).
 */
export function readableColumns(columns: ColumnValues, settings: AudienceRequestSettings): ColumnValues {
  let readable = columns;
  if (hasColumn(columns, 'PAGEUID') && settings.pageIds?.length !== 1) {
    readable = withValues(readable, { PAGEUID: undefined });
  }
  if (hasColumn(columns, 'APPUID') && settings.appIds === undefined) {
    readable = withValues(readable, { APPUID: undefined });
  }
  return readable;
}

/** Adds the columns that say how the person's data may be used (Meta: data processing options). */
export function withProcessing(columns: ColumnValues, fields: RequestFields): ColumnValues {
  const { data_processing_options, data_processing_options_country, data_processing_options_state } = fields;
  if (data_processing_options === undefined) return columns;
  return withValues(columns, {
    DATA_PROCESSING_OPTIONS: [data_processing_options],
    DATA_PROCESSING_OPTIONS_COUNTRY: [data_processing_options_country ?? 0],
    DATA_PROCESSING_OPTIONS_STATE: [data_processing_options_state ?? 0],
  });
}
