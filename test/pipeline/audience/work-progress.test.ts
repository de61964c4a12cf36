import { expect, test } from 'vitest';
import type { Failure } from '../../../src/core/outcome.ts';
import { createWorkProgress } from '../../../src/pipeline/audience/work-progress.ts';
import { parkedFailure } from '../../../src/pipeline/lane/parked-failure.ts';

const failure: Failure = { code: 'BAD', message: 'bad', fix: 'fix it' };

function ends() {
  const told: (Failure | undefined)[] = [];
  return { told, done: (_work: object, one: Failure | undefined) => told.push(one) };
}

test('is told its end once, when the last change is final', () => {
  const { told, done } = ends();
  const part = createWorkProgress({ work: {}, count: 2, done });
  part.ended(undefined, { kind: 'delivered' }, 'a');
  expect(told).toEqual([]);
  part.ended(undefined, { kind: 'superseded' }, 'a');
  expect(told).toEqual([undefined]);
});

test('of one person’s event says what happened to it', () => {
  const { told, done } = ends();
  createWorkProgress({ work: {}, count: 1, done }).ended(undefined, { kind: 'rejected', failure }, 'a');
  expect(told).toEqual([failure]);
});

test('of one person’s update, of whom nothing is left to add them by, says why what was before stays', () => {
  const { told, done } = ends();
  const unprepared = { code: 'NO_IDENTIFIER', message: 'nobody' };
  for (const end of [{ kind: 'delivered' }, { kind: 'rejected', failure }] as const) {
    createWorkProgress({ work: { failure: unprepared }, count: 1, done }).ended(undefined, end, 'a');
  }
  expect(told).toEqual([unprepared, failure]);
});

test('rule 32: of a list names the entries, those that were not sent and those that were refused', () => {
  const { told, done } = ends();
  const unprepared = {
    code: 'ENTRIES_REJECTED',
    message: "1 of 3 users can't be used: userListAdd[0] (X).",
    entries: 'userListAdd[0]',
  };
  const part = createWorkProgress({ work: { failure: unprepared }, count: 2, done });
  part.ended('userListAdd[1]', { kind: 'rejected', failure }, 'a');
  part.ended('userListAdd[2]', { kind: 'delivered' }, 'a');
  expect(told).toMatchObject([
    {
      code: 'ENTRIES_REJECTED',
      message: "1 of 3 users can't be used: userListAdd[0] (X). 1 entry was refused: userListAdd[1] (BAD).",
      fix: 'fix it',
      entries: 'userListAdd[0] userListAdd[1]',
    },
  ]);
});

test('of a list with many refused entries names the first 20', () => {
  const { told, done } = ends();
  const part = createWorkProgress({ work: {}, count: 26, done });
  for (let index = 0; index < 25; index += 1) part.ended(`users[${index}]`, { kind: 'rejected', failure }, 'a');
  part.ended('users[25]', { kind: 'delivered' }, 'a');
  expect(told[0]?.message).toMatch(/^25 entries were refused: users\[0\] .*users\[19\] \(BAD\); and 5 more\.$/);
  expect(told[0]?.entries).toBe('users[0-24]');
});

test('rule 34: a list of which nothing was delivered has failed as a whole', () => {
  const { told, done } = ends();
  const unprepared = { code: 'ENTRIES_REJECTED', message: '1 of 2.', entries: 'users[0]' };
  const part = createWorkProgress({ work: { failure: unprepared }, count: 1, done });
  part.ended('users[1]', { kind: 'rejected', failure }, 'a');
  expect(told[0]?.code).toBe('ENTRIES_REJECTED');
  expect(told[0]?.entries).toBeUndefined();
});

test('DELIVERY 6: names the audiences that are to be parked, and only what was refused elsewhere', () => {
  const told: unknown[] = [];
  const part = createWorkProgress({
    work: { failure },
    count: 3,
    targets: 2,
    done: (_work, one, parked) => told.push(one?.message, parked),
  });
  part.ended('users[0]', { kind: 'rejected', failure: parkedFailure }, 'a');
  part.ended('users[1]', { kind: 'rejected', failure }, 'a');
  part.ended('users[2]', { kind: 'rejected', failure }, 'b');
  expect(told).toEqual(['1 entry was refused: users[2] (BAD).', ['a']]);
});

test('DELIVERY 6: says so where all of its audiences are to be parked', () => {
  const told: unknown[] = [];
  const part = createWorkProgress({ work: {}, count: 2, targets: 2, done: (_work, _one, parked) => told.push(parked) });
  part.ended(undefined, { kind: 'rejected', failure: parkedFailure }, 'a');
  part.ended(undefined, { kind: 'rejected', failure: parkedFailure }, 'b');
  expect(told).toEqual(['all']);
});
