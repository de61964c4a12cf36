import { describe, expect, test } from 'vitest';
import { differences } from '../../../bench/parity/compare.ts';
import { generatedEvents } from '../../../bench/parity/events.ts';
import { createOurs } from '../../../bench/parity/ours.ts';
import type { Outcome } from '../../../bench/parity/outcome.ts';
import { parityReasons, reasonOf } from '../../../bench/parity/reasons.ts';
import { compareAll } from '../../../bench/parity/run.ts';
import { allActions, generatedAt } from '../../../bench/parity/subscriptions.ts';
import { samples } from '../../../examples/samples.ts';
import { loadAvailableActions } from '../../../src/connector/available-actions.ts';
import { hashIdentifier } from '../../../src/identity/identify.ts';

const actions = await loadAvailableActions(undefined);
const sent = (event: object): Outcome => ({
  kind: 'sent',
  method: 'POST',
  path: '/v1.0/1/events',
  body: { data: [event] },
});
const circumstances = { event: {}, trigger: 'type = "track"', fields: {}, ours: undefined, all: [] };

describe('the comparison with what Segment would send', () => {
  test('finds no difference where there is none, and an identifier alone is a list of one', () => {
    const event = { event_name: 'Purchase', user_data: { em: ['a'] }, custom_data: { value: 1, note: null } };
    expect(differences(sent(event), sent({ ...event, user_data: { em: 'a' }, custom_data: { value: 1 } }))).toEqual([]);
    expect(differences({ kind: 'refused', why: 'x' }, { kind: 'nothing', why: 'y' })).toEqual([]);
  });

  test('finds what is more, less and other, in events and in rows', () => {
    expect(differences(sent({ a: 1, b: [1, 2] }), sent({ a: 2, b: [1], c: true }))).toEqual([
      { path: 'a', theirs: 1, ours: 2 },
      { path: 'b[1]', theirs: 2, ours: undefined },
      { path: 'c', theirs: undefined, ours: true },
    ]);
    const rows = (schema: readonly string[], row: readonly string[]): Outcome => ({
      kind: 'sent',
      method: 'POST',
      path: '/v1.0/2/users',
      body: { payload: { schema, data: [row] } },
    });
    expect(differences(rows(['EMAIL', 'FN', 'LN'], ['x', '', 'y']), rows(['LN', 'EMAIL'], ['y', 'z']))).toEqual([
      { path: 'row.EMAIL', theirs: 'x', ours: 'z' },
    ]);
    expect(differences(sent({}), { kind: 'refused', why: 'EVENT_TOO_OLD' })).toEqual([
      { path: 'outcome', theirs: 'sent', ours: 'refused: EVENT_TOO_OLD' },
    ]);
  });

  test('takes nothing for a reason that is not seen', () => {
    const em = hashIdentifier('em', 'ada@example.com');
    const reason = (ours: unknown, fields: object) =>
      reasonOf({ path: 'user_data.em', theirs: 'x', ours }, { ...circumstances, fields: { ...fields } })?.id;
    expect(reason(em, { em: ' Ada@Example.com' })).toBe('identifier-normalized');
    expect(reason('another', { em: ' Ada@Example.com' })).toBeUndefined();
    expect(reason(undefined, { em: 'no address' })).toBe('identifier-unusable');
    expect(reason(undefined, { em: 'ada@example.com' })).toBeUndefined();
    const outcome = { path: 'outcome', theirs: 'sent', ours: 'refused: A_NEW_CODE' };
    expect(reasonOf(outcome, circumstances)).toBeUndefined();
    expect(reasonOf({ path: 'request', theirs: 'POST /1', ours: 'POST /2' }, circumstances)).toBeUndefined();
  });

  test('has one text for each reason', () => {
    expect(new Set(parityReasons.map(({ id }) => id)).size).toBe(parityReasons.length);
  });

  test('counts what is explained, and keeps what is not', async () => {
    const orders = allActions.filter(({ name }) => name === 'purchase');
    const pairs = orders.map((subscription) => ({
      subscription,
      ours: createOurs(subscription, actions, generatedAt),
    }));
    const event = { ...samples['Order Completed'], timestamp: '2026-11-20T11:00:00Z' };
    const [pair] = pairs;
    const own = pair?.ours.run(event);
    if (own?.kind !== 'sent') expect.fail('the order is not sent');
    const [body] = (own.body as { data: object[] }).data;
    const other = sent({ ...body, event_time: '2026-11-20T11:00:00Z', made_up: 1 });
    const result = await compareAll([event], pairs, () => Promise.resolve({ ...other, path: own.path } as Outcome));
    expect(result).toMatchObject({ events: 1, compared: 1, same: 0, unknownCount: 1, unknown: [{ path: 'made_up' }] });
    expect([...result.explained].map(([{ id }, { count }]) => [id, count])).toEqual([['event-time-in-seconds', 1]]);
  });

  test('has a subscription of every action that can be imported, and the same events for the same seed', () => {
    for (const subscription of allActions) {
      expect(createOurs(subscription, actions, generatedAt).subscription.name).toBe(subscription.name);
    }
    expect([...generatedEvents(50, 7)]).toEqual([...generatedEvents(50, 7)]);
    expect([...generatedEvents(50, 7)]).not.toEqual([...generatedEvents(50, 8)]);
  });
});
