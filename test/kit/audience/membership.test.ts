import { describe, expect, test } from 'vitest';
import type { AnalyticsEvent } from '../../../src/core/event.ts';
import { membershipOf, modeAllows } from '../../../src/kit/audience/membership.ts';

const engage = (more: object): AnalyticsEvent => ({
  type: 'identify',
  context: { personas: { computation_key: 'vip' } },
  ...more,
});

/** What databases and what copies them (Debezium, Maxwell, DynamoDB, MongoDB, reverse ETL), and mailing tools, really say. */
const words = {
  add: [
    'INSERT',
    'MODIFY',
    'bootstrap-insert',
    'replace',
    'changed',
    'c',
    'r',
    'u',
    'upserted',
    'subscribed',
    'Opted In',
    't',
  ],
  remove: ['REMOVE', 'DELETE', 'd', 'destroyed', 'unsubscribed', 'opted_out', 'opt-out', 'left', 'f'],
  unknown: ['active', 'pending', 'bounced', 'MOD', ''.padEnd(2)],
};

test.each(Object.entries(words).flatMap(([membership, list]) => list.map((word) => [word, membership])))(
  'the word %j is %s',
  (word, membership) => {
    expect(membershipOf(word, { type: 'track' })).toBe(membership);
  },
);

describe('the membership of an event', () => {
  test.each<[string, unknown, AnalyticsEvent, string]>([
    [
      'a boolean of a computed trait',
      undefined,
      engage({ context: { personas: { computation_key: 'vip', computation_class: 'trait' } }, traits: { vip: true } }),
      'unsaid',
    ],
    [
      'a boolean of a step of a journey',
      undefined,
      engage({
        context: { personas: { computation_key: 'vip', computation_class: 'journey_step' } },
        traits: { vip: true },
      }),
      'add',
    ],
    ['a mapped true', true, { type: 'track' }, 'add'],
    ['a mapped word in any case', ' Exited ', { type: 'track' }, 'remove'],
    ['a mapped operation of a database', 'd', { type: 'track' }, 'remove'],
    ['a mapped word that is unknown', 'perhaps', { type: 'track' }, 'unknown'],
    ['a mapped object', {}, { type: 'track' }, 'unknown'],
    ['a mapped word over what the event says', 'remove', engage({ traits: { vip: true } }), 'remove'],
    ['a trait under the computation key', undefined, engage({ traits: { vip: true } }), 'add'],
    [
      'a property under the computation key',
      undefined,
      engage({ type: 'track', properties: { vip: false } }),
      'remove',
    ],
    ['a boolean as text', undefined, engage({ traits: { vip: 'true' } }), 'unsaid'],
    [
      'rule 30: the boolean over the name of the event',
      undefined,
      engage({ type: 'track', event: 'Audience Entered', properties: { vip: false } }),
      'remove',
    ],
    ['Audience Entered', undefined, { type: 'track', event: 'Audience Entered' }, 'add'],
    ['Audience Exited', undefined, { type: 'track', event: 'Audience Exited' }, 'remove'],
    [
      'an Engage event with its key among the properties',
      undefined,
      { type: 'track', event: 'x', properties: { audience_key: 'vip', vip: true } },
      'add',
    ],
    ['a new row', undefined, { type: 'track', event: 'new' }, 'add'],
    ['an updated row', undefined, { type: 'track', event: 'updated' }, 'add'],
    ['a deleted row', undefined, { type: 'track', event: 'deleted' }, 'remove'],
    ['an order', undefined, { type: 'track', event: 'Order Completed' }, 'unsaid'],
    ['a page called new', undefined, { type: 'page', event: 'new' }, 'unsaid'],
    ['a key that only the prototype has', undefined, engage({ traits: {}, context: {} }), 'unsaid'],
  ])('%s', (_, mapped, event, expected) => {
    expect(membershipOf(mapped, event)).toBe(expected);
  });

  test('a sync mode lets through what it is for', () => {
    expect(modeAllows('mirror', 'add') && modeAllows('mirror', 'remove')).toBe(true);
    expect([modeAllows('upsert', 'add'), modeAllows('upsert', 'remove')]).toEqual([true, false]);
    expect([modeAllows('delete', 'add'), modeAllows('delete', 'remove')]).toEqual([false, true]);
  });
});
