import { describe, expect, it } from 'vitest';
import { conditionsOf } from '../../src/connector/conditions.ts';
import { type LaneStatus, pausedByPerson } from '../../src/core/lane-state.ts';

const calm = {
  deadLettersFail: () => undefined,
  parkingFails: () => new Map<string, string>(),
  windowSecondsLeft: () => Number.POSITIVE_INFINITY,
  retentionSecondsLeft: () => Number.POSITIVE_INFINITY,
};
const ready = { ready: () => true };
const failure = { code: 'META_190', message: 'The token has expired.', fix: 'make a new one' };
const common = { kind: 'conversions', destination: 'shop', waiting: 3 } as const;
const blocked = (lane: string, code = 'META_190'): LaneStatus => ({
  ...{ ...common, lane, state: 'blocked', since: 1, failure: { ...failure, code } },
});

describe('what somebody would want to be told', () => {
  it('is nothing while all is well, or passes by itself, or was done by a person', () => {
    const lanes: readonly LaneStatus[] = [
      { ...common, lane: 'a', state: 'running' },
      { ...common, lane: 'b', state: 'throttled', until: 5, failure },
      { ...common, lane: 'c', state: 'retrying', since: 5, failure, othersGetThrough: false },
      { ...common, lane: 'd', state: 'paused', since: 5, failure: pausedByPerson },
    ];
    expect(conditionsOf(lanes, ready, calm, [], [])).toEqual([]);
  });

  it('names each blocked lane and each subscription that stands still, with its fix', () => {
    const lanes = [blocked('shop'), { ...blocked('shop/orders', 'FUSE_BLOWN'), kind: 'subscription' as const }];
    expect(conditionsOf(lanes, ready, calm, [], [])).toMatchObject([
      { kind: 'lane_blocked', subject: 'lane shop', destination: 'shop', code: 'META_190', fix: 'make a new one' },
      { kind: 'subscription_stopped', subject: 'subscription shop/orders' },
    ]);
  });

  it('is bounded, however many audiences events name', () => {
    const lanes = Array.from({ length: 500 }, (_, index) => blocked(`audience ${index}`));
    const conditions = conditionsOf(lanes, ready, calm, [], []);
    expect(conditions).toHaveLength(51);
    expect(conditions.at(-1)?.message).toBe('450 more are blocked.');
  });

  it('tells a source that is away from one that waits for schemas or for a person', () => {
    const kinds = (source: Parameters<typeof conditionsOf>[1]) =>
      conditionsOf([], source, calm, [], []).map(({ kind }) => kind);
    expect(kinds({ ready: () => false })).toEqual(['source_away']);
    expect(kinds({ ready: () => false, waits: () => ['the registry is away'] })).toEqual(['schemas_missing']);
    const held = () => [{ topic: 't', partition: 1, reason: 'the offset is gone' }];
    expect(kinds({ ready: () => true, held })).toEqual(['partition_held']);
  });

  it('tells what gets short, what can not be written, and what will end', () => {
    const pipeline = {
      deadLettersFail: () => 'the topic is gone',
      parkingFails: () => new Map([['shop', 'the topic is full']]),
      windowSecondsLeft: () => 1_799,
      retentionSecondsLeft: () => 7_199,
    };
    const ending = { destination: 'shop', api: 'graph', warning: 7, message: 'It ends', fix: 'set another' } as const;
    const token = { destination: 'shop', warning: 3, message: 'It ends.', fix: 'make another' };
    expect(conditionsOf([blocked('shop')], ready, pipeline, [ending], [token]).map(({ kind }) => kind)).toEqual([
      'lane_blocked',
      'dead_letters_fail',
      'parking_fails',
      'window_short',
      'retention_short',
      'version_ends',
      'token_ends',
    ]);
    expect(conditionsOf([], ready, { ...pipeline, windowSecondsLeft: () => 0 }, [], [])).toHaveLength(3);
  });
});
