import { expect } from 'vitest';
import { destinationOf, explained } from './explained.ts';
import type { Run } from './runs.ts';
import { changesIn, eventsOf, openStage, type Received, rowsOf } from './stage.ts';

/** What became of a run's event. */
interface Outcome {
  readonly requests: readonly Pick<Received, 'method' | 'path' | 'body'>[];
  readonly skipped: readonly string[];
  readonly rejected: readonly string[];
  readonly warned: readonly string[];
}

/** As `explain` says it. */
export function outcomeExplained(run: Run): Outcome {
  const { deliveries, skipped } = explained(run);
  return {
    requests: deliveries.flatMap(({ request }) => (request === undefined ? [] : [request])),
    skipped: skipped.map(({ reason }) => reason),
    rejected: deliveries.flatMap(({ error }) => (error === undefined ? [] : [error.code])),
    warned: deliveries.flatMap(({ warnings }) => warnings.map(({ code }) => code)),
  };
}

/** Those of the runs are there: one that is made is not used before Meta's lists show it, which takes seconds. */
const audiences = (
  [
    ['120', '77', 'No 120'],
    ['121', '77', 'No 121'],
    ['120200000000000001', '77', 'Of the preset'],
    ['301', '77', 'order_completed_last_30days'],
    ['302', '78', 'Gold'],
    ['303', '1234567890', 'Gold'],
    ['304', '1234567890', 'Warehouse customers'],
  ] as const
).map(([id, accountId, name]) => ({ id, accountId, name }));

/** Sends the run's event through the whole connector to a sandbox, and looks at what arrived there. */
export async function checkSent(run: Run): Promise<void> {
  const stage = await openStage({ audiences });
  try {
    const { requests, letters, told, blocked, clean } = await stage.send(destinationOf(run), [run.event]);
    expect([blocked, clean]).toEqual([[], true]);
    expect(requests.filter(({ status, authorized }) => status !== 200 || !authorized)).toEqual([]);
    const known = stage.sandbox.state.audiences();
    const changes = changesIn({ requests });
    const named = changes.map(({ path, ...request }) => {
      const audience = known.find(({ id }) => path === `/${id}/users`);
      return { ...request, audience, path: audience === undefined ? path : `${path} {audience:${audience.name}}` };
    });
    if (run.repeated === true) {
      const [first, again] = named.splice(0, 2, ...named.slice(0, 1));
      expect(again && rowsOf(again)).toEqual(first && rowsOf(first));
    }
    check(run, {
      requests: named,
      skipped: told.flatMap((event) => (event.kind === 'skipped' ? [event.reason] : [])),
      rejected: letters.map(({ error }) => error.code),
      warned: told.flatMap((event) => (event.kind === 'warned' ? [event.code] : [])),
    });
    // Nothing is left over: what is neither sent nor refused is skipped.
    if (run.rejected === undefined) expect(letters).toEqual([]);
    if (run.body !== undefined) expect(named[0]?.body).toMatchObject(run.body);
    const { audience } = named[0] ?? {};
    if (run.account !== undefined) expect(audience?.account_id).toBe(run.account);
    if (run.members !== undefined) expect(stage.sandbox.state.members(audience?.id ?? '').size).toBe(run.members);
    expect(stage.sandbox.state.summary().diagnostics.not_hashed).toEqual({});
  } finally {
    await stage.close();
  }
}

export function check(expected: Run, { requests, skipped, rejected, warned }: Outcome): void {
  if (expected.skipped !== undefined) {
    expect([requests, rejected]).toEqual([[], []]);
    // What no trigger selects has no subscription that could say so.
    if (expected.skipped !== 'trigger') expect(skipped).toContain(expected.skipped);
  }
  if (expected.rejected !== undefined) expect(rejected).toEqual([expected.rejected]);
  if (expected.warned !== undefined) expect(warned).toContain(expected.warned);
  if (expected.sends !== undefined) expect(requests[0] && eventsOf(requests[0])).toMatchObject([expected.sends]);
  if (expected.rows !== undefined) {
    expect(requests.map(({ method }) => method)).toEqual(expected.rows.map(([method]) => method));
    expect(requests.map((request) => rowsOf(request)[0])).toMatchObject(expected.rows.map(([, row]) => row));
  }
  if (expected.payload !== undefined) expect(requests[0]?.body).toMatchObject({ payload: expected.payload });
  if (expected.path !== undefined) expect(requests[0]?.path).toContain(expected.path);
}
