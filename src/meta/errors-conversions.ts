import { block, type ErrorRow, reject, type Verdict } from './error-row.ts';

/** A row of the Conversions API: code 100 with a subcode of its own. */
function row(subcode: number, name: string, meaning: string, fix: string, field?: string, outcome: Verdict = reject) {
  return { code: 100, subcode, outcome, name, meaning, fix, ...(field === undefined ? {} : { field }) };
}

const undescribed = 'Meta found the event invalid and does not describe this error.';
const explain = 'Look at the event with `meta-actions explain` and correct the mapping or the source of the event.';

/** Errors of `/{dataset}/events`. One invalid event refuses the whole request (Meta: Using the Conversions API). */
export const conversionErrors: readonly ErrorRow[] = [
  row(2804001, 'Invalid event', undescribed, explain),
  row(
    2804003,
    'Event too old',
    'The event happened more than 7 days ago (62 days for physical_store).',
    'Nothing can be done about this event; find out why it came so late.',
    'event_time',
  ),
  row(
    2804004,
    'Event in the future',
    'The time of the event lies in the future.',
    'Correct the clock of the source, or map `event_time` to the right time.',
    'event_time',
  ),
  row(2804007, 'Invalid event', undescribed, explain),
  row(
    2804008,
    'Invalid contents',
    '`contents` is not a list of products with an id and a quantity.',
    'Correct the mapping of `contents`.',
    'contents',
  ),
  row(2804009, 'Purchase without value', 'A Purchase must have a value.', 'Map `value`.', 'value'),
  row(2804010, 'Purchase without currency', 'A Purchase must have a currency.', 'Map `currency`.', 'currency'),
  row(
    2804011,
    'Invalid currency',
    'Meta does not take this currency.',
    'Map `currency` to an ISO 4217 code that Meta takes.',
    'currency',
  ),
  row(2804016, 'Invalid custom data', 'custom_data is not in the form that Meta wants.', explain, 'custom_data'),
  row(2804017, 'Invalid event', undescribed, explain),
  row(2804019, 'Invalid parameter', 'A parameter is missing, unknown or of the wrong type.', explain),
  row(2804023, 'Value without currency', 'A value needs a currency.', 'Map `currency`.', 'currency'),
  row(
    2804030,
    'Invalid data processing options',
    'The data processing options are incomplete or invalid.',
    'Map the options, the country and the state together.',
    'data_processing_options',
  ),
  row(
    2804036,
    'Invalid lead id',
    'The lead id is not one of Meta.',
    'Map `lead_id` as text, with every digit.',
    'lead_id',
  ),
  row(
    2804043,
    'Invalid app data',
    'The event is of an app and its extinfo or advertiser_tracking_enabled is missing or invalid.',
    'Map `app_data` with the 16 places of extinfo.',
    'app_data',
  ),
  row(2804048, 'Invalid event', undescribed, explain),
  row(
    2804050,
    'Too little about the customer',
    'What identifies the customer is missing, or so broad that nobody can be matched.',
    'Map at least one of email, phone, external id, click id or browser id.',
    'user_data',
  ),
  row(
    2804064,
    'URL not allowed',
    'An event of business messaging must not have event_source_url.',
    'Take the mapping of `event_source_url` out.',
    'event_source_url',
  ),
  row(
    2804066,
    'Event name not allowed',
    'Business messaging does not take an event of this name.',
    'Map `event_name` to one of the names that Meta lists for business messaging.',
    'event_name',
  ),
  row(2804069, 'Page id missing', 'An event of Messenger needs a page id.', 'Map `page_id`.', 'page_id'),
  row(2804071, 'Click id missing', 'An event of WhatsApp needs a click id.', 'Map `ctwa_clid`.', 'ctwa_clid'),
  row(
    2804072,
    'Page does not fit',
    'The page id and the id of the person do not belong together.',
    'Map both from the same conversation.',
    'page_id',
  ),
  row(
    2804075,
    'Instagram person missing',
    'An event of Instagram needs the id of the person.',
    'Map `ig_sid`.',
    'ig_sid',
  ),
  row(
    2804079,
    'Instagram account missing',
    'An event of Instagram needs the id of the account.',
    'Map `ig_account_id`.',
    'ig_account_id',
  ),
  row(2804081, 'Invalid currency', 'The currency is missing or Meta does not take it.', 'Map `currency`.', 'currency'),
  row(
    2804087,
    'Invalid click id',
    'The WhatsApp click id is not one of Meta.',
    'Map `ctwa_clid` as it came.',
    'ctwa_clid',
  ),
  row(
    2804116,
    'Page or WhatsApp account missing',
    'An event of WhatsApp needs the business account or the page.',
    'Map `whatsapp_business_account_id` or `page_id`.',
    'whatsapp_business_account_id',
  ),
  row(
    2804117,
    'Click id does not fit',
    'The WhatsApp click id does not belong to the business account or page.',
    'Map both from the same conversation.',
    'ctwa_clid',
  ),
  row(
    2804131,
    'No page on the dataset',
    'The dataset is linked to no page.',
    'Link the page to the dataset in Meta Events Manager.',
    undefined,
    block,
  ),
  row(
    2804132,
    'No WhatsApp account on the dataset',
    'The dataset is linked to no WhatsApp business account.',
    'Link the account to the dataset in Meta Events Manager.',
    undefined,
    block,
  ),
  {
    code: 100,
    // All of this family that are known are the fault of one event.
    subcode: [2804000, 2804199],
    outcome: reject,
    name: 'Invalid event',
    meaning: undescribed,
    fix: explain,
  },
];
