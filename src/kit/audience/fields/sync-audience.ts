import { membershipWord } from '../../../core/membership-word.ts';
import type { FieldDefinition, FieldDefinitions } from '../../../core/field.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { FieldsOf } from '../../field-types.ts';
import { audiencePersonFields } from './audience-person.ts';
import { audienceFormFields, audienceRequestFields, audienceTargetFields } from './audience-target.ts';

const withoutDefaults = Object.fromEntries(
  Object.entries(audiencePersonFields).map(([key, field]): [string, FieldDefinition] => {
    const { default: _, ...rest } = field as FieldDefinition;
    return [key, rest];
  }),
);

/** Every field of Sync Audience. */
export const syncAudienceFields = {
  ...audienceTargetFields,
  ...audiencePersonFields,
  membership: {
    label: 'Membership',
    description:
      'Whether the person joins or leaves: true or false, add or remove, entered or exited, new, updated or deleted. ' +
      'Where not mapped: the boolean or the event name of Engage, else the event name of a reverse-ETL row; where mapped to ' +
      'nothing, these can only remove the person.',
    type: 'object',
    raw: true,
    takes: (text) => membershipWord(text) !== undefined,
  },
  sync_mode: {
    label: 'Sync Mode',
    description: 'mirror: additions and removals; upsert: additions; delete: removals.',
    type: 'string',
    decisive: true,
    choices: ['mirror', 'upsert', 'delete'],
    default: 'mirror',
  },
  value: {
    label: 'Value',
    description: 'What the person is worth, for value-based lookalikes. Meta: custom audience, LOOKALIKE_VALUE.',
    type: 'number',
    minimum: 0,
  },
  before: {
    label: 'Values Before',
    description: 'The identifiers before an update: those that are gone are removed from the audience.',
    type: 'object',
    decisive: true,
    properties: withoutDefaults,
  },
  ...audienceFormFields,
  ...audienceRequestFields,
} as const satisfies FieldDefinitions;

/** The values of the fields after they were read; the identifiers are read by their names. */
export type SyncAudienceFields = Omit<FieldsOf<typeof syncAudienceFields>, 'before'> & {
  readonly before?: JsonObject;
};
