import { expect, test } from 'vitest';
import { loadDestination } from '../../src/config/destination.ts';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import type { HistoryObstacle, SourceHistory } from '../../src/core/ports.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import { createRequestedChanges } from '../../src/replay/requested-changes.ts';
import { createNewerChanges } from '../../src/replay/newer-changes.ts';
import { loadBuiltInActions } from '../../src/connector/available-actions.ts';
import { fakeRecord } from '../support/deliveries.ts';

const actions = await loadBuiltInActions();
const file = {
  name: 'crm',
  settings: { ad_account_id: '77', access_token: { $env: 'TOKEN' } },
  subscriptions: [
    { name: 'Rows', action: 'sync-audience', mapping: { audience_id: { '@path': '$.properties.audience' } } },
    {
      name: 'Lists',
      action: 'sync-audience-list',
      trigger: 'event = "list"',
      mapping: { audience_id: { '@path': '$.properties.audience' } },
    },
    { name: 'Orders', action: 'custom-event', trigger: 'type = "page"', mapping: { event_name: 'x' } },
  ],
};
const { destination } = loadDestination(
  'crm.json',
  JSON.stringify({ ...file, settings: { ...file.settings, pixel_id: '1' } }),
  {
    actions,
    environment: { TOKEN: 'a-token-for-the-test' },
  },
);
if (destination === undefined) throw new Error('the destination of the test is wrong');
const requested = createRequestedChanges({
  destinations: [destination],
  decode: { envelope: [], maxRecordBytes: 1_000_000 },
  clock: { now: () => 1_790_000_000_000, monotonic: () => 0, sleep: async () => undefined },
});

interface Change {
  readonly at: number;
  readonly event?: string;
  readonly userId?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly audience?: string;
  readonly partition?: number;
}

function row({ at, event = 'new', userId, email, phone, audience = '1', partition = 0 }: Change): SourceRecord {
  const properties = { audience, email, phone };
  return fakeRecord({
    offset: at,
    partition,
    value: Buffer.from(JSON.stringify({ type: 'track', event, userId, properties })),
  });
}

function letterOf(change: Change): DeadLetter {
  const failure = { code: 'AUDIENCE_ROW_INVALID', message: '' };
  return { record: row(change), failure, destination: 'crm', subscription: 'Rows', at: 0 };
}

function historyOf(records: readonly SourceRecord[], obstacle?: HistoryObstacle) {
  const asked: [string, ReadonlyMap<number, number>][] = [];
  const history: SourceHistory = {
    obstacle: async () => obstacle,
    async *read(topic, from) {
      asked.push([topic, from]);
      for (const record of records) if (record.offset >= (from.get(record.partition) ?? Infinity)) yield record;
    },
  };
  return { asked, history };
}

async function superseded(letters: readonly Change[], records: readonly Change[], force = false) {
  const { history, asked } = historyOf([...letters, ...records].map(row));
  const later = createNewerChanges({ requested, history, force });
  for (const letter of letters) later.watch(letterOf(letter));
  await later.read(new AbortController().signal);
  return { asked, is: letters.map((letter) => later.isSuperseded(letterOf(letter))) };
}

test.each<[string, Change, boolean]>([
  ['the same user leaves', { at: 9, event: 'deleted', userId: 'u' }, true],
  ['the same user joins again', { at: 9, userId: 'u', email: 'new@example.com' }, true],
  ['the same user changes before it', { at: 3, event: 'deleted', userId: 'u' }, false],
  ['the same user leaves another audience', { at: 9, event: 'deleted', userId: 'u', audience: '2' }, false],
  ['the same user leaves in another partition', { at: 9, event: 'deleted', userId: 'u', partition: 1 }, false],
  ['somebody else leaves', { at: 9, event: 'deleted', userId: 'v', email: 'v@example.com' }, false],
  ['somebody with the same address leaves', { at: 9, event: 'deleted', email: 'U@example.com' }, true],
  ['somebody with the same address joins', { at: 9, userId: 'v', email: 'u@example.com' }, false],
  ['a later event of the user says nothing of membership', { at: 9, event: 'Order Completed', userId: 'u' }, false],
])('rule 35: an addition is superseded or not when %s', async (_, later, expected) => {
  expect((await superseded([{ at: 5, userId: 'u', email: 'u@example.com' }], [later])).is).toEqual([expected]);
});

test.each<[string, readonly Change[], boolean]>([
  ['the same user joins', [{ at: 9, userId: 'u' }], true],
  ['somebody with the same address joins', [{ at: 9, email: 'u@example.com' }], true],
  ['the same user leaves again', [{ at: 9, event: 'deleted', userId: 'u', email: 'u@example.com' }], true],
  [
    'the same user leaves again, of whom another address is known now',
    [{ at: 9, event: 'deleted', userId: 'u', email: 'new@example.com' }],
    false,
  ],
  [
    'the user and the address leave one after the other',
    [
      { at: 8, event: 'deleted', userId: 'u' },
      { at: 9, event: 'deleted', userId: 'v', email: 'u@example.com' },
    ],
    true,
  ],
])('rule 35: a removal is superseded or not when %s', async (_, later, expected) => {
  const letter = { at: 5, event: 'deleted', userId: 'u', email: 'u@example.com' };
  expect((await superseded([letter], later)).is).toEqual([expected]);
});

test.each<[string, number, boolean]>([
  ['a later event', 1, true],
  ['an earlier event', 3, false],
])('rule 35: a change is superseded, or not, by %s of the same record', async (_, index, expected) => {
  const calls = [
    { type: 'track', event: 'Other' },
    { type: 'track', event: 'new', userId: 'u', properties: { audience: '1' } },
    { type: 'track', event: 'deleted', userId: 'u', properties: { audience: '1' } },
    { type: 'track', event: 'new', userId: 'u', properties: { audience: '1' } },
  ];
  const whole = fakeRecord({ offset: 5, value: Buffer.from(JSON.stringify(calls)) });
  const { history } = historyOf([whole]);
  const later = createNewerChanges({ requested, history, force: false });
  const event = { index, of: 'x' };
  const record = { ...whole, value: Buffer.from(JSON.stringify(calls[index])), event };
  const failure = { code: 'AUDIENCE_ROW_INVALID', message: '' };
  const letter: DeadLetter = { record, failure, destination: 'crm', subscription: 'Rows', at: 0 };
  later.watch(letter);
  await later.read(new AbortController().signal);
  expect(later.isSuperseded(letter)).toBe(expected);
});

/** A list of users as a record or a letter. */
function listOf(at: number, operation: string, userId: string, audience = '1'): SourceRecord {
  const properties = { audience, operation, users: [{ EXTERN_ID: userId }, { EXTERN_ID: 'x' }] };
  return fakeRecord({ offset: at, value: Buffer.from(JSON.stringify({ type: 'track', event: 'list', properties })) });
}

test.each<[string, SourceRecord, SourceRecord, boolean]>([
  ['an addition by a later replacement', row({ at: 5, userId: 'u' }), listOf(9, 'replace', 'v'), true],
  ['an addition by one of another audience', row({ at: 5, userId: 'u' }), listOf(9, 'replace', 'v', '2'), false],
  ['an addition by an earlier one', row({ at: 5, userId: 'u' }), listOf(3, 'replace', 'v'), false],
  ['a replacement by whatever comes later', listOf(5, 'replace', 'v'), row({ at: 9, userId: 'u' }), true],
  ['a replacement by what is of another audience', listOf(5, 'replace', 'v'), row({ at: 9, audience: '2' }), false],
])('rule 35: %s is superseded, or not', async (_, record, laterRecord, expected) => {
  const { history } = historyOf([record, laterRecord]);
  const later = createNewerChanges({ requested, history, force: false });
  const subscription = record.value?.includes('"list"') ? 'Lists' : 'Rows';
  const letter = { record, failure: { code: 'X', message: '' }, destination: 'crm', subscription, at: 0 };
  later.watch(letter);
  await later.read(new AbortController().signal);
  expect(later.isSuperseded(letter)).toBe(expected);
});

test('rule 35: each partition is read once, from its first letter, and letters supersede each other', async () => {
  const letters = [
    { at: 7, userId: 'b' },
    { at: 5, userId: 'a' },
    { at: 8, event: 'deleted', userId: 'a' },
    { at: 2, partition: 1, userId: 'c' },
  ];
  const { asked, is } = await superseded(letters, []);
  expect(asked).toEqual([
    [
      'events',
      new Map([
        [0, 5],
        [1, 2],
      ]),
    ],
  ]);
  expect(is).toEqual([false, true, false, false]);
});

test('rule 35: letters supersede each other also where the source has forgotten them', async () => {
  const { history } = historyOf([]);
  const later = createNewerChanges({ requested, history, force: true });
  const letters = [letterOf({ at: 5, userId: 'a' }), letterOf({ at: 8, event: 'deleted', userId: 'a' })];
  for (const letter of letters) later.watch(letter);
  await later.read(new AbortController().signal);
  expect(letters.map(later.isSuperseded)).toEqual([true, false]);
});

test('rule 35: what can not be told is refused unless forced; letters that change no audience are not asked about', async () => {
  const { history } = historyOf([], 'range_gone');
  const letter = letterOf({ at: 5, userId: 'a' });
  const silent = letterOf({ at: 5, event: 'Order Completed', userId: 'a' });
  const page = { ...silent, subscription: 'Orders' };
  const strict = createNewerChanges({ requested, history, force: false });
  expect(await strict.obstacle(letter)).toBe('range_gone');
  expect(await strict.obstacle({ record: letter.record, failure: letter.failure, at: 0 })).toBe('range_gone');
  expect(await strict.obstacle(silent)).toBeUndefined();
  expect(await strict.obstacle(page)).toBeUndefined();
  expect(await createNewerChanges({ requested, history, force: true }).obstacle(letter)).toBeUndefined();
});
