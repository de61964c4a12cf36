import { describe, expect, test } from 'vitest';
import { check } from './checker.ts';
import type { Arrival, Evidence } from './evidence.ts';

const arrival = (eventId: string, at: number, more: Partial<Arrival> = {}): Arrival => ({
  eventId,
  startedAt: at - 5,
  at,
  unanswered: false,
  ...more,
});

/** Two events and a letter in one partition, delivered and committed by connector `a-1`. */
const good: Evidence = {
  records: [
    { partition: 0, offset: 0, key: 'u', eventId: 'e0' },
    { partition: 0, offset: 1, key: 'v', code: 'NOT_JSON' },
    { partition: 0, offset: 2, key: 'u', eventId: 'e2' },
  ],
  arrivals: [arrival('e0', 1000, { sender: 'a' }), arrival('e2', 2000, { sender: 'a' })],
  letters: [{ partition: 0, offset: 1, code: 'NOT_JSON', at: 1500 }],
  commits: [
    { partition: 0, offset: 2, at: 1600, member: 'a-1', generation: 1 },
    { partition: 0, offset: 3, at: 3000, member: 'a-1', generation: 1 },
  ],
  generations: [{ generation: 1, at: 0, owners: new Map([[0, 'a-1']]) }],
  interruptions: [],
  ends: new Map([[0, 3]]),
};

const strict = { repetitions: 'never', inOrder: true } as const;
const lenient = { repetitions: 'ambiguous', inOrder: true } as const;
const problems = (more: Partial<Evidence>, allowed: Parameters<typeof check>[1] = strict) =>
  check({ ...good, ...more }, allowed).problems.join('\n');

describe('the checker', () => {
  test('finds nothing where all is well', () => {
    expect(check(good, strict)).toEqual({ events: 3, repeated: 0, letters: 1, commits: 2, problems: [] });
  });

  test.each<[string, Partial<Evidence>, RegExp]>([
    ['an event that never came', { arrivals: good.arrivals.slice(0, 1) }, /1 events lost: e2/],
    ['an event from nowhere', { arrivals: [...good.arrivals, arrival('e9', 2500)] }, /nobody produced: e9/],
    ['a letter that is missing', { letters: [] }, /letters missing: 0\/1 NOT_JSON/],
    [
      'a letter of a delivered event',
      { letters: [...good.letters, { partition: 0, offset: 2, code: 'X', at: 1500 }] },
      /have none: 0\/2 X/,
    ],
    [
      'a commit before the delivery',
      { commits: [{ partition: 0, offset: 3, at: 1800 }] },
      /beyond an unsettled record/,
    ],
    [
      'a commit before the letter',
      { letters: [{ partition: 0, offset: 1, code: 'NOT_JSON', at: 2500 }] },
      /beyond an unsettled record: 0 to 2/,
    ],
    [
      'a commit that goes back',
      { commits: [...good.commits, { partition: 0, offset: 1, at: 4000, member: 'a-1', generation: 1 }] },
      /went back: 0 from 3 to 1/,
    ],
    [
      'a commit by somebody else',
      { generations: [{ generation: 1, at: 0, owners: new Map([[0, 'b-1']]) }] },
      /were not the committer’s/,
    ],
    ['an end that is not committed', { commits: good.commits.slice(0, 1) }, /not committed to their end: 0 at 2 of 3/],
    [
      'an event that overtook',
      { arrivals: [arrival('e2', 1000), arrival('e0', 1200)] },
      /overtook one of their user: e2/,
    ],
    [
      'a user who is missing, and one who left',
      { memberships: [{ audience: 'gold', expected: new Set(['x']), found: new Set(['y']) }] },
      /missing in gold: x\n.*in gold who left: y/,
    ],
  ])('finds %s', (_, evidence, message) => {
    expect(problems(evidence)).toMatch(message);
  });

  test('finds what a connector sends for a partition that it knows to be another’s', () => {
    const generations = [
      ...good.generations,
      {
        generation: 2,
        at: 5000,
        owners: new Map([
          [0, 'b-1'],
          [1, 'a-1'],
        ]),
      },
    ];
    const late = arrival('e2', 6000, { sender: 'a' });
    expect(problems({ generations, arrivals: [...good.arrivals.slice(0, 1), late] })).toMatch(/was another’s: e2/);
  });

  describe('a repetition', () => {
    const again = arrival('e0', 4000, { sender: 'a' });
    const arrivals = [...good.arrivals, again];

    test('is wrong where nothing is ambiguous', () => {
      expect(problems({ arrivals })).toMatch(/sent again without need: e0/);
      expect(problems({ arrivals }, lenient)).toMatch(/sent again without need: e0/);
    });

    test('is fine after a request whose answer nobody saw', () => {
      const unseen = [arrival('e0', 1000, { sender: 'a', unanswered: true }), ...arrivals.slice(1)];
      expect(problems({ arrivals: unseen }, lenient)).toBe('');
      expect(problems({ arrivals: unseen })).toMatch(/without need/);
    });

    test('is fine after a request that a process began as it woke, and nowhere else', () => {
      const twice = [4000, 4500].map((at) => arrival('e0', at, { sender: 'b' }));
      const wokenAt = (from: number, to: number) =>
        problems({ arrivals: [...good.arrivals, ...twice], interruptions: [{ from, to }] }, lenient);
      expect(wokenAt(3990, 8000)).not.toMatch(/without need/);
      expect(wokenAt(3400, 8000)).toMatch(/without need: e0/);
      expect(wokenAt(3990, 3990)).toMatch(/without need: e0/);
    });

    test('is fine over an interruption, unless a commit had told of the first one', () => {
      expect(problems({ arrivals, interruptions: [{ from: 1200, to: 1200 }] }, lenient)).toBe('');
      expect(problems({ arrivals, interruptions: [{ from: 1700, to: 1700 }] }, lenient)).toMatch(/without need: e0/);
    });
  });
});
