import { afterEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../../src/core/delivery.ts';
import { replaceSession } from '../../../src/meta/audiences/replace-session.ts';
import { graphClient } from '../../../src/meta/graph-client.ts';
import { createSandbox } from '../../../src/sandbox/server.ts';
import { deliveries, never, recorder, virtualClock } from '../../delivery/fakes.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function setUp() {
  const sandbox = createSandbox({ audiences: [{ id: '120', accountId: '77', name: 'gold' }] });
  const url = await sandbox.listen();
  cleanups.push(() => sandbox.close());
  const client = graphClient({ baseUrl: url });
  cleanups.push(() => client.close());
  const caller = {
    name: 'crm',
    settings: {
      accessToken: { origin: 'environment variable META_ACCESS_TOKEN', read: () => 'EAAtoken123' },
      adAccountId: 'act_77',
      apiVersion: 'v26.0',
      batch: { maxEvents: 1_000, maxRows: 10_000, maxBytes: 1_000_000 },
      requirements: 'warn' as const,
      tooOld: 'dead_letter' as const,
      stripIdentifiers: true,
      integrationNames: [],
    },
  };
  const parts = { client, lane: 'audience', clock: virtualClock(), telemetry: recorder(), random: Math.random };
  const newSession = () => replaceSession({ ...parts, callerOf: () => caller, maySend: () => true }, caller);
  const post = async (path: string, value: object) => {
    const answer = await fetch(`${url}/_sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(value),
    });
    expect(answer.ok, await answer.text()).toBe(true);
  };
  return { sandbox, newSession, post };
}

function batch(ids: readonly string[], sequence: number, last: boolean, id = '9007199254740993'): readonly Delivery[] {
  const session = { id, sequence, last, rows: ids.length };
  const terms = { audienceId: '120', operation: 'replace' as const, schema: ['EXTERN_ID' as const], settings: {} };
  const body = ids.map((name) => JSON.stringify([name])).join(',');
  return deliveries(1).map((one) => ({
    ...one,
    destination: 'crm',
    body,
    bytes: Buffer.byteLength(body),
    terms: { ...terms, session, rows: ids.length },
  }));
}

const kindsOf = (outcomes: readonly { readonly kind: string }[]) => outcomes.map(({ kind }) => kind).join();

describe('the batches of a replacement', () => {
  test('become the audience with the last one, of which Meta counts all', async () => {
    const { sandbox, newSession } = await setUp();
    const session = newSession();
    expect(kindsOf(await session.send(batch(['a', 'b'], 1, false), never))).toBe('delivered');
    expect([...sandbox.state.members('120')]).toEqual([]);
    const [last] = await session.send(batch(['c'], 2, true), never);
    expect(last).toMatchObject({ kind: 'delivered', rows: { received: 3, invalid: 0 } });
    expect([...sandbox.state.members('120')]).toEqual(['a', 'b', 'c']);
  });

  test('are sent again when the answer got lost: the first as another than the first', async () => {
    const { sandbox, newSession, post } = await setUp();
    const session = newSession();
    await post('faults', { kind: 'reset_after', times: 1, match: { path: '/usersreplace' } });
    expect(kindsOf(await session.send(batch(['a'], 1, false), never))).toBe('retryable');
    expect(kindsOf(await session.send(batch(['a'], 1, false), never))).toBe('delivered');
    expect(kindsOf(await session.send(batch(['b'], 2, true), never))).toBe('delivered');
    expect([...sandbox.state.members('120')]).toEqual(['a', 'b']);
  });

  test('are sent again when nothing came: the first as the first', async () => {
    const { sandbox, newSession, post } = await setUp();
    const session = newSession();
    await post('faults', { kind: 'reset_before', times: 1, match: { path: '/usersreplace' } });
    expect(kindsOf(await session.send(batch(['a'], 1, true), never))).toBe('retryable');
    expect(kindsOf(await session.send(batch(['a'], 1, true), never))).toBe('delivered');
    expect([...sandbox.state.members('120')]).toEqual(['a']);
  });

  test.each([1, 2])('are complete when the answer to the last of %i got lost', async (count) => {
    const { sandbox, newSession, post } = await setUp();
    const session = newSession();
    if (count === 2) await session.send(batch(['a'], 1, false), never);
    await post('faults', { kind: 'reset_after', times: 1, match: { path: '/usersreplace' } });
    expect(kindsOf(await session.send(batch(['z'], count, true), never))).toBe('retryable');
    expect(kindsOf(await session.send(batch(['z'], count, true), never))).toBe('delivered');
    expect(sandbox.state.members('120').has('z')).toBe(true);
  });

  test('do not begin while another replacement runs', async () => {
    const { newSession } = await setUp();
    await newSession().send(batch(['a'], 1, false, '5'), never);
    const [outcome] = await newSession().send(batch(['b'], 1, false, '6'), never);
    expect(outcome).toMatchObject({
      kind: 'blocked',
      failure: { code: 'META_2650_1870145', fix: expect.stringMatching(/other replacement/) },
    });
  });

  test('of a session that is over are refused', async () => {
    const { newSession } = await setUp();
    const session = newSession();
    await session.send(batch(['a'], 1, true), never);
    expect(await session.send(batch(['b'], 2, true), never)).toMatchObject([
      { kind: 'rejected', failure: { code: 'META_2650_1870159' } },
    ]);
  });
});
