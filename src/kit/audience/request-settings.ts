import type { AudienceCell, AudienceKey, AudienceRequestSettings } from '../../core/audience.ts';
import type { RequestFields } from './fields/audience-target.ts';
import type { ColumnValues } from './rows.ts';

export function requestSettings(fields: RequestFields): AudienceRequestSettings {
  const { page_ids, app_ids, ig_account_ids, is_raw, data_source } = fields;
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
  const unreadable = new Set<AudienceKey>();
  if (columns.has('PAGEUID') && settings.pageIds?.length !== 1) unreadable.add('PAGEUID');
  if (columns.has('APPUID') && settings.appIds === undefined) unreadable.add('APPUID');
  return unreadable.size === 0 ? columns : new Map([...columns].filter(([key]) => !unreadable.has(key)));
}

/** Adds the columns that say how the person's data may be used (Meta: data processing options). */
export function withProcessing(columns: ColumnValues, fields: RequestFields): ColumnValues {
  const { data_processing_options, data_processing_options_country, data_processing_options_state } = fields;
  if (data_processing_options === undefined) return columns;
  const added = new Map<AudienceKey, readonly AudienceCell[]>(columns);
  added.set('DATA_PROCESSING_OPTIONS', [data_processing_options]);
  added.set('DATA_PROCESSING_OPTIONS_COUNTRY', [data_processing_options_country ?? 0]);
  added.set('DATA_PROCESSING_OPTIONS_STATE', [data_processing_options_state ?? 0]);
  return added;
}
