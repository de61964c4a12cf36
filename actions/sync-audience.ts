import type { FieldDefinition } from '../src/core/field.ts';
import { syncAudience } from '../src/kit/audience/sync-audience.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { audiencePersonFields } from '../src/kit/audience/fields/audience-person.ts';
import { audienceRequestFields, audienceTargetFields } from '../src/kit/audience/fields/audience-target.ts';

const withoutDefaults = Object.fromEntries(
  Object.entries(audiencePersonFields).map(([key, field]): [string, FieldDefinition] => {
    const { default: _, ...rest } = field as FieldDefinition;
    return [key, rest];
  }),
);

export default defineAction({
  title: 'Sync Audience',
  description: 'Adds the person of an event to a custom audience, or removes them.',
  audience: true,
  defaultTrigger: 'type = "track" or type = "identify"',
  fields: {
    ...audienceTargetFields,
    ...audiencePersonFields,
    membership: {
      label: 'Membership',
      description:
        'Whether the person joins or leaves: true or false, add or remove, entered or exited, new, updated or deleted. ' +
        'Where absent: the boolean or the event name of Engage, else the event name of a reverse-ETL row.',
      type: 'object',
      raw: true,
    },
    sync_mode: {
      label: 'Sync Mode',
      description: 'mirror: additions and removals; upsert: additions; delete: removals.',
      type: 'string',
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
      properties: withoutDefaults,
    },
    ...audienceRequestFields,
  },
  toPayload: syncAudience,
});
