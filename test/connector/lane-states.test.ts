import { expect, it } from 'vitest';
import { degradedTexts, laneStates } from '../../src/connector/lane-states.ts';
import type { LaneState, LaneStatus } from '../../src/core/lane-state.ts';

const failure = { code: 'HTTP_502', message: 'Meta is not well.', meta: { status: 502 } };
const now = Date.parse('2026-11-29T17:28:00Z');

function lane(state: LaneState): LaneStatus {
  return { lane: 'shop', kind: 'conversions', destination: 'shop', waiting: 3, ...state };
}

it('gives times that people can read, whatever the monotonic clock counts from', () => {
  const clock = { now: () => now, monotonic: () => 1_000 };
  const pipeline = {
    laneStatuses: () => [
      lane({ state: 'throttled', until: 721_000, failure }),
      lane({ state: 'retrying', since: -179_000, failure, othersGetThrough: false }),
      lane({ state: 'running' }),
    ],
  };
  expect(
    laneStates(pipeline, clock).map((state) => ('until' in state ? state.until : 'since' in state && state.since)),
  ).toEqual([now + 720_000, now - 180_000, false]);
  expect(degradedTexts(laneStates(pipeline, clock), now)).toEqual([
    'lane shop is throttled until 17:40 UTC, in 12 min: Meta is not well.',
    'lane shop sends again: Meta answers 502 since 3 min (Meta is not well.)',
  ]);
});

it('says of a network that fails what is known, and nothing of lanes that run or wait for a person', () => {
  const cut = { code: 'NETWORK_REFUSED', message: 'The connection was refused.' };
  const lanes = [
    lane({ state: 'retrying', since: now - 41_000, failure: cut, othersGetThrough: false }),
    lane({ state: 'retrying', since: now - 41_000, failure, othersGetThrough: true }),
    lane({ state: 'blocked', since: now, failure }),
    lane({ state: 'running' }),
  ];
  expect(degradedTexts(lanes, now)).toEqual([
    "lane shop sends again: Meta hasn't been reached since 41 s (The connection was refused.)",
    'lane shop sends single ones again since 41 s, while others get through: Meta is not well.',
  ]);
});
