import { expect, test } from 'vitest';
import type { ActionDefinition, ActionResult } from '../../src/core/action.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { defineAction } from '../../src/kit/define-action.ts';

/** Compiles only if the two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

const about = { description: 'A field.' } as const;
const skipped: ActionResult = { kind: 'skipped', reason: 'test' };

test('infers the type of the fields from their definitions, which tsc checks', () => {
  const action = defineAction({
    title: 'Example',
    description: 'For its types.',
    fields: {
      name: { ...about, label: 'Name', type: 'string', required: true },
      channel: { ...about, label: 'Channel', type: 'string', choices: ['sms', 'mail'] },
      size: { ...about, label: 'Size', type: 'integer', choices: [1, 2] },
      total: { ...about, label: 'Total', type: 'number' },
      at: { ...about, label: 'At', type: 'datetime' },
      born: { ...about, label: 'Born', type: 'datetime', identifier: true },
      tags: { ...about, label: 'Tags', type: 'string', multiple: true },
      allowed: { ...about, label: 'Allowed', type: 'boolean', choices: [0, 1] },
      sure: { ...about, label: 'Sure', type: 'boolean' },
      free: { ...about, label: 'Free', type: 'object' },
      item: {
        ...about,
        label: 'Item',
        type: 'object',
        multiple: true,
        properties: {
          id: { ...about, label: 'Id', type: 'string', required: true },
          price: { ...about, label: 'Price', type: 'number' },
        },
      },
    },
    toPayload: (fields) => {
      same<typeof fields.name, string>(true);
      same<typeof fields.channel, 'sms' | 'mail' | undefined>(true);
      same<typeof fields.size, 1 | 2 | undefined>(true);
      same<typeof fields.total, number | undefined>(true);
      same<typeof fields.at, number | undefined>(true);
      same<typeof fields.born, string | JsonObject | undefined>(true);
      same<typeof fields.tags, readonly string[] | undefined>(true);
      same<typeof fields.allowed, boolean | 0 | 1 | undefined>(true);
      same<typeof fields.sure, boolean | undefined>(true);
      same<typeof fields.free, JsonObject | undefined>(true);
      same<typeof fields.item, readonly { readonly id: string; readonly price?: number }[] | undefined>(true);
      // @ts-expect-error: there is no such field.
      fields.missing;
      // @ts-expect-error: no other choice.
      same<typeof fields.channel, string | undefined>(true);
      return skipped;
    },
  });
  const definition: ActionDefinition = action;
  expect(definition.title).toBe('Example');
});

test('refuses a definition of an unknown type, which tsc checks', () => {
  const definition = defineAction({
    title: 'Example',
    description: 'For its types.',
    // @ts-expect-error: text is called string.
    fields: { name: { ...about, label: 'Name', type: 'text' } },
    toPayload: () => skipped,
  });
  expect(definition.title).toBe('Example');
});
