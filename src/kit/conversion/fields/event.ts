import type { FieldDefinitions } from '../../../core/field.ts';
import { firstPresent, path } from '../../field-defaults.ts';
import type { FieldsOf } from '../../field-types.ts';

/** Members that are sent as they are mapped. Meta: server event parameters. */
export const plainEventFields = {
  opt_out: {
    label: 'Opt Out',
    description: 'True: the event is used for attribution only, not to optimise the delivery of ads.',
    type: 'boolean',
  },
  customer_segmentation: {
    label: 'Customer Segmentation',
    description: 'What kind of customer this is to the business. Meta: server event parameters.',
    type: 'string',
    choices: [
      'new_customer_to_business',
      'new_customer_to_business_line',
      'new_customer_to_product_area',
      'new_customer_to_medium',
      'existing_customer_to_business',
      'existing_customer_to_business_line',
      'existing_customer_to_product_area',
      'existing_customer_to_medium',
      'customer_in_loyalty_program',
    ],
  },
  messaging_channel: {
    label: 'Messaging Channel',
    description: 'The channel of a business_messaging event. Meta: conversions API for business messaging.',
    type: 'string',
    choices: ['messenger', 'whatsapp', 'instagram'],
  },
} as const satisfies FieldDefinitions;

/** What happened, when and where. Meta: server event parameters. */
export const eventFields = {
  event_name: {
    label: 'Event Name',
    description:
      'A standard event of Meta (their names are case-sensitive) or a name of your own. Meta: server event parameters.',
    type: 'string',
    required: true,
  },
  event_time: {
    label: 'Event Time',
    description:
      'When it happened: ISO 8601 text, Unix seconds, milliseconds or microseconds. At most 7 days ago (62 for physical_store). Where absent, zero or unreadable, the timestamps of the event are taken, then that of the record.',
    type: 'datetime',
    raw: true,
    ifFixed: 'seven days later Meta would take none of them',
    default: firstPresent('$.timestamp', '$.originalTimestamp', '$.sentAt'),
  },
  event_id: {
    label: 'Event ID',
    description:
      'By this and the name Meta recognises an event that it has already, from the browser or from here, for 48 hours. Where absent, a hash of the place in the source. Meta: handling duplicate events.',
    type: 'string',
    id: true,
    ifFixed: 'Meta would keep the first of each name, and take all others for the same event',
    default: path('$.messageId'),
  },
  action_source: {
    label: 'Action Source',
    description:
      'Where it happened. Where absent: website when there is a page address, app when the app data is complete, else other.',
    type: 'string',
    choices: [
      'email',
      'website',
      'app',
      'phone_call',
      'chat',
      'physical_store',
      'system_generated',
      'business_messaging',
      'other',
    ],
  },
  event_source_url: {
    label: 'Event Source URL',
    description:
      'The address of the page, of a domain that is verified at Meta; Meta asks for it in website events. A fbclid in it becomes the click id.',
    type: 'string',
    default: path('$.context.page.url'),
  },
  referrer_url: {
    label: 'Referrer URL',
    description: 'The address of the page before.',
    type: 'string',
    default: path('$.context.page.referrer'),
  },
  attribution_data: {
    label: 'Attribution Data',
    description:
      'For events named AppendAttribution: which ad the original event is attributed to. Meta: server event parameters (beta).',
    type: 'object',
    properties: {
      ad_id: { label: 'Ad ID', description: 'The ad.', type: 'string', id: true },
      touchpoint_ts: { label: 'Touchpoint Time', description: 'When it was seen or clicked.', type: 'integer' },
      attribution_share: {
        label: 'Attribution Share',
        description: 'Its share in the conversion, from 0 to 1.',
        type: 'number',
        minimum: 0,
        maximum: 1,
      },
      attribution_value: { label: 'Attribution Value', description: 'The value of that share.', type: 'number' },
    },
    additionalProperties: true,
  },
  ...plainEventFields,
  data_processing_options: {
    label: 'Data Processing Options',
    description:
      'LDU for limited data use; an empty list says that the event is not limited. Meta: data processing options.',
    type: 'string',
    multiple: true,
    choices: ['LDU'],
  },
  data_processing_options_country: {
    label: 'Data Processing Country',
    description:
      '1 for the United States, 0 to let Meta find the country, which is also what is sent where limited data use has none. Without data_processing_options it means nothing and is left out.',
    type: 'integer',
    choices: [0, 1],
  },
  data_processing_options_state: {
    label: 'Data Processing State',
    description: '0 to let Meta find the state, or its code, such as 1000 for California. Where absent or unusable: 0.',
    type: 'integer',
    choices: [0, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013],
  },
  original_event_data: {
    label: 'Original Event Data',
    description: 'The event that this one adds to or corrects.',
    type: 'object',
    properties: {
      event_name: { label: 'Original Event Name', description: 'Its name.', type: 'string' },
      event_time: {
        label: 'Original Event Time',
        description: 'When it happened: ISO 8601 text, Unix seconds, milliseconds or microseconds.',
        type: 'datetime',
      },
      order_id: { label: 'Original Order ID', description: 'The order it belongs to.', type: 'string', id: true },
      event_id: { label: 'Original Event ID', description: 'Its event id.', type: 'string', id: true },
    },
  },
  test_event_code: {
    label: 'Test Event Code',
    description:
      'Shows the event under Test Events in Events Manager. It is still used for measurement: not for production.',
    type: 'string',
  },
  upload_tag: {
    label: 'Upload Tag',
    description:
      "Groups offline events in Events Manager; instead of the destination's upload_tag. Events of one tag share a request.",
    type: 'string',
  },
  extra: {
    label: 'Extra',
    description:
      'Members that Meta takes and no field covers yet, added to the event and, under user_data and custom_data, to those. What has a field of its own is left out.',
    type: 'object',
  },
} as const satisfies FieldDefinitions;

export type EventFields = FieldsOf<typeof eventFields>;

/** The event's name, a standard event unless it is mapped. */
export function eventName<const N extends string>(name: N) {
  return { ...eventFields.event_name, default: name } as const;
}
