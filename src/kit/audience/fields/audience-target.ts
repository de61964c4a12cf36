import type { FieldDefinitions } from '../../../core/field.ts';
import { firstPresent, path } from '../../field-defaults.ts';
import type { FieldsOf } from '../../field-types.ts';

/** Which audience. Meta: custom audiences, create a custom audience. */
export const audienceTargetFields = {
  audience_id: {
    label: 'Audience ID',
    description:
      'The id of the audience, as Meta Ads Manager shows it. Wins over the name. Has no default where the name is mapped.',
    type: 'string',
    decisive: true,
    id: true,
    // Engage creates audiences itself, and sends the id along. A name that a mapping gives is meant all the same.
    default: path('$.context.personas.external_audience_id'),
    defaultUnless: 'audience_name',
  },
  audience_name: {
    label: 'Audience Name',
    description: 'The name of the audience in the ad account; looked up, and created if it is not there.',
    type: 'string',
    decisive: true,
    id: true,
    default: firstPresent('$.context.personas.computation_key', '$.properties.audience_key'),
  },
  ad_account_id: {
    label: 'Ad Account ID',
    description: 'The ad account that the name is looked for in, with or without act_. Default: of the destination.',
    type: 'string',
    decisive: true,
    id: true,
    default: firstPresent(
      '$.context.personas.audience_settings.engageAdAccountId',
      '$.context.personas.audience_settings.advertiserAccountId',
      '$.context.personas.audience_settings.ad_account_id',
    ),
  },
  create_audience: {
    label: 'Create Audience',
    description: 'false: an audience that is not there is not created, and its changes wait until somebody does it.',
    type: 'boolean',
    default: true,
  },
  audience_description: {
    label: 'Audience Description',
    description: 'Of an audience that is created.',
    type: 'string',
    default: firstPresent(
      '$.context.personas.audience_settings.audienceDescription',
      '$.context.personas.audience_settings.description',
    ),
  },
  customer_file_source: {
    label: 'Customer File Source',
    description: 'Where the identifiers of a created audience come from.',
    type: 'string',
    choices: ['USER_PROVIDED_ONLY', 'PARTNER_PROVIDED_ONLY', 'BOTH_USER_AND_PARTNER_PROVIDED'],
    default: 'USER_PROVIDED_ONLY',
  },
  retention_days: {
    label: 'Retention Days',
    description: 'How long a created audience keeps a person. Default: for ever.',
    type: 'integer',
    minimum: 1,
    maximum: 180,
  },
  value_based: {
    label: 'Value-Based',
    description: 'The audience holds a value of each person, for value-based lookalikes: additions need value.',
    type: 'boolean',
  },
} as const satisfies FieldDefinitions;

export type TargetFields = FieldsOf<typeof audienceTargetFields>;

/** What the rows of a request share. Meta: custom audience, users. */
export const audienceRequestFields = {
  page_ids: {
    label: 'Page IDs',
    description: 'The page that page_scoped_user_id belongs to: exactly one.',
    type: 'string',
    id: true,
    multiple: true,
  },
  app_ids: {
    label: 'App IDs',
    description: 'The apps that app_user_id belongs to.',
    type: 'string',
    id: true,
    multiple: true,
  },
  ig_account_ids: {
    label: 'Instagram Account IDs',
    description: 'Instagram accounts that the people have to do with.',
    type: 'string',
    id: true,
    multiple: true,
  },
  is_raw: {
    label: 'Raw Keys',
    description: 'Tells Meta that the columns are single keys. Sent only if given.',
    type: 'boolean',
  },
  data_source: {
    label: 'Data Source',
    description: 'Where the people come from. Meta: custom audience, users.',
    type: 'object',
    properties: {
      type: { label: 'Data Source Type', description: 'Such as FILE_IMPORTED or EVENT_BASED.', type: 'string' },
      sub_type: { label: 'Data Source Subtype', description: 'Such as HASHES or USER_IDS.', type: 'string' },
    },
  },
  data_processing_options: {
    label: 'Data Processing Options',
    description: 'LDU for limited data use, which is for people of California. Meta: data processing options.',
    type: 'string',
    multiple: true,
    choices: ['LDU'],
  },
  data_processing_options_country: {
    label: 'Data Processing Country',
    description: '1 for the United States.',
    type: 'integer',
    choices: [0, 1],
  },
  data_processing_options_state: {
    label: 'Data Processing State',
    description: '1000 for California.',
    type: 'integer',
    choices: [0, 1000],
  },
} as const satisfies FieldDefinitions;

export type RequestFields = FieldsOf<typeof audienceRequestFields>;

/** In which form the values of people are. */
export const audienceFormFields = {
  hash: {
    label: 'Hash',
    description: 'false: the values are hashes already; one that is not is refused, and never sent.',
    type: 'boolean',
    decisive: true,
  },
  format: {
    label: 'Format',
    description: 'false: the values are normalized already, and hashed as they are.',
    type: 'boolean',
  },
} as const satisfies FieldDefinitions;
