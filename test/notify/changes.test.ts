import { describe, expect, it } from 'vitest';
import { createChanges } from '../../src/notify/changes.ts';
import type { Condition } from '../../src/notify/condition.ts';

const minute = 60_000;
const blocked = (lane: string, code = 'META_190'): Condition => ({
  ...{ kind: 'lane_blocked', subject: `lane ${lane}`, code, message: 'The token has expired.' },
});

/** What would be told, with the time passing in steps of a second; `holds` says what holds when. */
function play(seconds: number, holds: (second: number) => readonly Condition[]) {
  const changes = createChanges({ intervalMillis: minute });
  const told: string[] = [];
  for (let second = 0; second < seconds; second += 1) {
    changes.observe(holds(second), second * 1_000);
    const due = changes.due(second * 1_000);
    for (const { condition, state, times } of due) {
      told.push(`${second} ${condition.subject} ${condition.code} ${state} ${times}`);
    }
    changes.announced(due, second * 1_000);
  }
  return { told, changes };
}

describe('changes of state', () => {
  it('are told once when they begin and once when they end', () => {
    const { told } = play(600, (second) => (second >= 10 && second < 300 ? [blocked('shop')] : []));
    expect(told).toEqual(['10 lane shop META_190 begun 1', '300 lane shop META_190 ended 0']);
  });

  it('are told of each lane for itself', () => {
    const { told } = play(100, () => [blocked('shop'), blocked('audience 7')]);
    expect(told).toEqual(['0 lane shop META_190 begun 1', '0 lane audience 7 META_190 begun 1']);
  });

  it('are told again where the cause is another one, after the interval', () => {
    const { told } = play(200, (second) => [blocked('shop', second < 5 ? 'META_190' : 'META_200')]);
    expect(told).toEqual(['0 lane shop META_190 begun 1', '60 lane shop META_200 begun 0']);
  });

  it('that come and go are told ever more seldom, and say how often it was', () => {
    const { told } = play(3_600, (second) => (second % 20 < 10 ? [blocked('shop')] : []));
    const seconds = told.map((line) => Number(line.split(' ')[0]));
    expect(told.length).toBeLessThanOrEqual(8);
    expect(seconds.slice(1).every((second, index) => second - (seconds[index] ?? 0) >= 60)).toBe(true);
    const begun = told.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    // Each of the 180 times that it began before the last message is counted in one message.
    expect(begun).toBe(Math.ceil(((seconds.at(-1) ?? 0) + 1) / 20));
  });

  it('that began and ended while nobody could be told are told as over', () => {
    const changes = createChanges({ intervalMillis: minute });
    changes.observe([blocked('shop')], 0);
    changes.observe([], 9 * minute);
    expect(changes.due(9 * minute)).toMatchObject([{ state: 'ended', since: 0, ended: 9 * minute, times: 1 }]);
  });

  it('count only after a while where they often pass by themselves', () => {
    const away: Condition = { kind: 'source_away', subject: 'the source', code: 'X', message: 'x' };
    expect(play(200, (second) => (second < 59 ? [away] : [])).told).toEqual([]);
    expect(play(200, () => [away]).told).toEqual(['60 the source X begun 1']);
  });

  it('are kept in bounds, and what is left out is counted', () => {
    const changes = createChanges({ intervalMillis: minute });
    for (let lane = 0; lane < 1_000; lane += 1) changes.observe([blocked(String(lane))], lane);
    expect(changes.due(1_000)).toHaveLength(200);
    expect(changes.leftOut()).toBe(800);
    const crowd = createChanges({ intervalMillis: minute });
    const all = Array.from({ length: 250 }, (_, lane) => blocked(String(lane)));
    for (let at = 0; at < 10; at += 1) crowd.observe(all, at);
    expect([crowd.open(), crowd.leftOut()]).toEqual([200, 50]);
  });
});
