import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/event.ts';
import { actions } from './order-table.ts';
import { runAction } from './run-action.ts';

const json = fc.jsonValue({ maxDepth: 3 });
const keys = fc.constantFrom(
  'email',
  'phone',
  'address',
  'birthday',
  'total',
  'products',
  'currency',
  'page',
  'ip',
  '__proto__',
);
const members = fc.dictionary(keys, json);
const anyEvent = fc.record(
  {
    event: json,
    messageId: json,
    timestamp: fc.oneof(json, fc.constant('2026-11-20T11:00:00Z')),
    userId: json,
    traits: fc.oneof(json, members),
    context: fc.oneof(json, members),
    properties: fc.oneof(json, members),
  },
  { requiredKeys: [] },
);

test('whatever an event holds, a conversion ends in a body or in a failure with a code, a message and a fix', () => {
  // Actions of audiences end otherwise, and have tests of their own.
  const action = [...actions.values()].filter(({ definition }) => 'event_time' in definition.fields);
  fc.assert(
    fc.property(fc.nat(action.length - 1), anyEvent, (index, members) => {
      const chosen = action[index];
      if (chosen === undefined) return;
      const event = { type: 'track', ...members } as AnalyticsEvent;
      const before = JSON.stringify(event);
      const { body, failure } = runAction(chosen, event);
      if (body === undefined) {
        expect(failure).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String) });
        expect(failure?.fix).toMatch(/\S/);
      } else {
        expect(body).toMatchObject({ event_time: expect.any(Number), event_id: expect.stringMatching(/\S/) });
      }
      expect(JSON.stringify(event)).toBe(before);
    }),
    { numRuns: 2000 },
  );
});

test('an identifier is in no body, no failure and no warning, wherever the event carries it', () => {
  const action = actions.get('custom-event');
  if (action === undefined) throw new Error('no such action');
  const places = ['traits', 'properties'] as const;
  const names = ['email', 'phone', 'first_name', 'lastName', 'birthday', 'customer_city', 'zip'] as const;
  const secret = fc.stringMatching(/^secret[a-z0-9@. -]{0,12}$/);
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.constantFrom(...names), secret, (place, name, value) => {
      const event = { type: 'track', event: 'Quiz', userId: 'u', [place]: { [name]: value } } as AnalyticsEvent;
      const mapping = { custom_data: { '@path': '$.properties' } };
      expect(JSON.stringify(runAction(action, event, { mapping }))).not.toContain('secret');
    }),
  );
});
