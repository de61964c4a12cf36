import { fieldMeant } from '../config/field-aliases.ts';
import type { Action } from '../core/action.ts';

/** Labels that mean something else than the names of fields suggest. */
const labels: Readonly<Record<string, string>> = {
  mobile_advertising_id: 'madid',
  mobile_advertiser_id: 'madid',
  advertiser_id: 'madid',
  click_id: 'fbc',
  browser_id: 'fbp',
  first_initial: 'fi',
  app_events_fields: 'app_data',
  content_ids: 'content_ids',
  facebook_list_id: 'audience_id',
  audience_id: 'audience_id',
  number_of_items: 'num_items',
  data_processing_country: 'data_processing_options_country',
  data_processing_state: 'data_processing_options_state',
  extern_id: 'external_id',
};

/** The field that a label of a form, a name of Meta's or a key of another product means. */
export function fieldFor(label: string, { definition }: Action): string | undefined {
  const { fields } = definition;
  const name = label
    .trim()
    .replace(/^(?:user_data|custom_data|user|customer)\s*[._-]\s*(?=\w)/i, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  if (Object.hasOwn(fields, name)) return name;
  const labelled = Object.hasOwn(labels, name) ? labels[name] : undefined;
  if (labelled !== undefined && Object.hasOwn(fields, labelled)) return labelled;
  return fieldMeant(name, fields);
}
