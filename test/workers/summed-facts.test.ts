import { expect, test } from 'vitest';
import type { LaneStatus } from '../../src/core/lane-state.ts';
import { addUpFacts, countedIn } from '../../src/workers/summed-facts.ts';
import type { RunFacts } from '../../src/workers/worker-facts.ts';

const nothing = addUpFacts([]);
const worker = (facts: Partial<RunFacts>): RunFacts => ({ ...nothing, phase: 'running', ...facts });

const failure = { code: 'META_190', message: 'the token is refused' };
const lane = (state: object, waiting: number, name = 'shop'): LaneStatus =>
  ({ lane: name, kind: 'conversions', destination: 'shop', waiting, ...state }) as LaneStatus;
const blocked = (since: number) => ({ state: 'blocked', since, failure });

test('a lane is as bad as in the worker where it is worst, for as long as anywhere, and what waits is summed', () => {
  const { lanes } = addUpFacts([
    worker({ lanes: [lane({ state: 'running' }, 3), lane({ state: 'running' }, 1, 'crm')] }),
    worker({ lanes: [lane(blocked(2_000), 40)] }),
    worker({ lanes: [lane(blocked(1_000), 2)] }),
  ]);
  expect(lanes).toEqual([lane(blocked(1_000), 45), lane({ state: 'running' }, 1, 'crm')]);
});

test('a destination is paused where it is paused in all, and drains while one sends what it had', () => {
  const holds = (state: 'paused' | 'draining', waiting: number) =>
    worker({ holds: new Map([['shop', { state, waiting }]]) });
  expect(addUpFacts([holds('paused', 2), holds('paused', 3)]).holds.get('shop')).toEqual({
    state: 'paused',
    waiting: 5,
  });
  expect(addUpFacts([holds('paused', 2), holds('draining', 3)]).holds.get('shop')).toEqual({
    state: 'draining',
    waiting: 5,
  });
});

test('a run runs while one worker does', () => {
  const phaseOf = (...phases: readonly RunFacts['phase'][]) =>
    addUpFacts(phases.map((phase) => worker({ phase }))).phase;
  expect(phaseOf('starting', 'running')).toBe('running');
  expect(phaseOf('starting', 'starting')).toBe('starting');
  expect(phaseOf('failed', 'failed')).toBe('failed');
  expect(phaseOf()).toBe('starting');
});

const counts = { hashed: 0, passed: 0, plain: 0, unusable: 0, junk: 0, missing: 0 };
const quality = (events: number, hashed: number) => ({
  ...{ destination: 'shop', subscription: 'orders', events },
  fields: new Map([['em', { ...counts, hashed, missing: events - hashed }]]),
});
const audience = (id: string, joins: number, lastAt: number | undefined) => ({
  ...{ id, joins, lastAt },
  lane: `audience ${id}`,
  leaves: 1,
  rejected: 0,
});

test('identifiers and changes of audiences are summed, and what a worker that has ended had counted stays', () => {
  const one = worker({
    matchQuality: [quality(10, 8)],
    changedAudiences: [audience('1', 5, 700)],
    inFlight: { records: 4, bytes: 400 },
    parked: new Map([['shop', 2]]),
  });
  const two = worker({
    matchQuality: [quality(5, 1)],
    changedAudiences: [audience('1', 1, undefined), audience('2', 9, undefined)],
    inFlight: { records: 1, bytes: 100 },
    parked: new Map([['shop', 3]]),
  });
  const both = addUpFacts([one, two]);
  expect(both).toMatchObject({ inFlight: { records: 5, bytes: 500 }, parked: new Map([['shop', 5]]) });
  expect(both.matchQuality).toEqual([quality(15, 9)]);
  expect(both.changedAudiences).toEqual([{ ...audience('1', 6, 700), leaves: 2 }, audience('2', 9, undefined)]);
  const afterwards = addUpFacts([{ ...nothing, ...countedIn(one) }, two]);
  expect(afterwards.matchQuality).toEqual(both.matchQuality);
  expect(afterwards.changedAudiences).toEqual(both.changedAudiences);
  expect(afterwards.inFlight).toEqual(two.inFlight);
});
