import type { FieldDefinitions } from '../../../core/field.ts';
import { columnNamed } from '../../../core/person-columns.ts';
import { firstPresent, path } from '../../field-defaults.ts';
import type { FieldsOf } from '../../field-types.ts';
import { audienceFormFields, audienceRequestFields, audienceTargetFields } from './audience-target.ts';

/** Every field of Sync Audience List. */
export const syncAudienceListFields = {
  ...audienceTargetFields,
  audience_id: {
    ...audienceTargetFields.audience_id,
    default: firstPresent('$.properties.audience_id', '$.context.personas.external_audience_id'),
  },
  audience_name: {
    ...audienceTargetFields.audience_name,
    default: firstPresent('$.properties.cohort_name', '$.context.personas.computation_key'),
  },
  audiences: {
    label: 'Audiences by Event',
    description: 'Event name to audience id, or to a list of them. An event whose name is not there is skipped.',
    type: 'object',
    decisive: true,
    additionalProperties: true,
  },
  event_name: {
    label: 'Event Name',
    description: 'What is looked up in audiences.',
    type: 'string',
    decisive: true,
    default: path('$.event'),
  },
  users_add: {
    label: 'Users to Add',
    description: 'A list of objects with columns such as EMAIL and FN, in any case and by their usual names.',
    type: 'object',
    raw: true,
    default: path('$.properties.userListAdd'),
  },
  users_remove: {
    label: 'Users to Remove',
    description: 'The same for those who leave.',
    type: 'object',
    raw: true,
    default: path('$.properties.userListDelete'),
  },
  operation: {
    label: 'Cohort Operation',
    description:
      'What a cohort message asks for: create, add or remove, also as true or false; or replace, with all who are to be in the audience.',
    type: 'object',
    raw: true,
    default: firstPresent('$.properties.operation', '$.properties.in_cohort'),
  },
  users: {
    label: 'Cohort Users',
    description: 'The users of a cohort message.',
    type: 'object',
    raw: true,
    default: path('$.properties.users'),
  },
  schema_fields: {
    label: 'Schema Fields',
    description: 'The columns to send, at least one; others of the users are ignored. Default: all that are known.',
    type: 'string',
    decisive: true,
    multiple: true,
    takes: (text) => columnNamed(text) !== undefined,
  },
  ...audienceFormFields,
  session_id_add: {
    label: 'Session ID of Additions',
    description: 'Your own number for the upload. The list is then one request. Default: the connector numbers.',
    type: 'string',
    decisive: true,
    id: true,
    default: path('$.properties.sessionIdAdd'),
  },
  session_id_remove: {
    label: 'Session ID of Removals',
    description: 'The same for removals; another number.',
    type: 'string',
    decisive: true,
    id: true,
    default: path('$.properties.sessionIdDelete'),
  },
  batch_sequence: {
    label: 'Batch Sequence',
    description: 'The place of the list in its session, from 1.',
    type: 'integer',
    decisive: true,
    minimum: 1,
    default: path('$.properties.batchSequence'),
  },
  last_batch_flag: {
    label: 'Last Batch',
    description: 'Whether the session ends with this list.',
    type: 'boolean',
    decisive: true,
    default: path('$.properties.lastBatchFlag'),
  },
  sessions: {
    label: 'Sessions',
    description:
      'renewed: a list whose session has had its last list is sent in one of the connector. as-given: it keeps the id, and Meta refuses it.',
    type: 'string',
    choices: ['renewed', 'as-given'],
    default: 'renewed',
  },
  ...audienceRequestFields,
} as const satisfies FieldDefinitions;

/** The values of the fields after they were read. */
export type SyncAudienceListFields = FieldsOf<typeof syncAudienceListFields>;
