import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnalyticsEvent } from '../../../src/core/event.ts';
import { loadActions } from '../../../src/kit/load-actions.ts';
import { type Run, runAction, sha256 } from '../../actions/run-action.ts';

const actions = await loadActions(join(import.meta.dirname, '..', '..', '..', 'actions'));

function list(properties: object, run: Run = {}) {
  const action = actions.get('sync-audience-list');
  if (action === undefined) throw new Error('no such action');
  const event: AnalyticsEvent = { type: 'track', event: 'USERS', properties };
  return runAction(action, event, { ...run, mapping: { audience_id: '77', ...run.mapping } });
}

function updatesOf(properties: object, run: Run = {}) {
  const { result } = list(properties, run);
  return result?.kind === 'audience' ? result.updates : [];
}

function rowsOf(properties: object, run: Run = {}) {
  return updatesOf(properties, run).flatMap(({ changes }) => changes.flatMap(({ rows }) => rows));
}

const mail = sha256('a@shop.example');

describe('lists of users', () => {
  test('are removals, then additions, each entry by its place', () => {
    const updates = updatesOf({
      userListAdd: [{ EMAIL: 'a@shop.example', FN: 'Ann' }],
      userListDelete: [{ Email: 'b@shop.example' }, { email: 'c@shop.example' }],
    });
    expect(updates.map(({ changes }) => changes.map(({ operation, entry }) => [operation, entry]))).toEqual([
      [
        ['remove', 'userListDelete[0]'],
        ['remove', 'userListDelete[1]'],
      ],
      [['add', 'userListAdd[0]']],
    ]);
    expect(updates[1]?.changes[0]?.rows).toEqual([{ EMAIL: mail, FN: sha256('ann') }]);
  });

  test.each(['EMAIL', 'Email', 'em', 'email_address', 'E-Mail'])('know the column %s', (key) => {
    expect(rowsOf({ userListAdd: [{ [key]: 'a@shop.example' }] })).toEqual([{ EMAIL: mail }]);
  });

  test('send the columns of the schema fields, in any order, and of each user those that they have', () => {
    const users = [
      { FN: 'Ann', CITY: 'Lund', EMAIL: 'a@shop.example' },
      { EMAIL: 'a@shop.example', PHONE: '' },
    ];
    const mapping = { schema_fields: ['FN', 'EMAIL', 'PHONE'] };
    expect(rowsOf({ userListAdd: users }, { mapping })).toEqual([{ EMAIL: mail, FN: sha256('ann') }, { EMAIL: mail }]);
    expect(list({ userListAdd: users }, { mapping: { schema_fields: ['SHOE_SIZE'] } }).failure?.code).toBe(
      'SCHEMA_FIELDS_UNKNOWN',
    );
  });

  test('leave out an identifier of more values than one person has', () => {
    const email = Array.from({ length: 100_000 }, (_, index) => `a${index}@shop.example`);
    const users = [{ EXTERN_ID: 'u-1', EMAIL: email, DB: email }];
    for (const format of [true, false]) {
      expect(rowsOf({ userListAdd: users, userListDelete: users }, { mapping: { format } })).toEqual([
        { EXTERN_ID: 'u-1' },
        { EXTERN_ID: 'u-1' },
      ]);
    }
  });

  test('have a full name in its parts, and the order of dates that the destination says', () => {
    const userListAdd = [{ EXTERN_ID: 'u-1', 'Full name': 'Ann Lee', DOB: '7.4.1991' }];
    expect(rowsOf({ userListAdd }, { settings: { dateOrder: 'dmy' } })).toEqual([
      {
        EXTERN_ID: 'u-1',
        FN: sha256('ann'),
        LN: sha256('lee'),
        DOBY: sha256('1991'),
        DOBM: sha256('04'),
        DOBD: sha256('07'),
      },
    ]);
  });

  test('hold more than 1,100 users', () => {
    const users = Array.from({ length: 5_000 }, (_, index) => ({ EXTERN_ID: `u-${index}` }));
    expect(rowsOf({ userListAdd: users })).toHaveLength(5_000);
  });

  test('with entries that can not be used have one failure that names them, and the others go', () => {
    const userListAdd = [{ EMAIL: 'a@shop.example' }, 5, { EMAIL: '-' }, null, { EXTERN_ID: 'u-4' }];
    const { result } = list({ userListAdd });
    expect(result).toMatchObject({
      failure: {
        code: 'ENTRIES_REJECTED',
        message:
          "3 of 5 users can't be used: userListAdd[1] (NOT_AN_OBJECT); userListAdd[2] (NO_IDENTIFIER); userListAdd[3] (NOT_AN_OBJECT).",
      },
    });
    expect(result).toMatchObject({ failure: { entries: 'userListAdd[1-3]' } });
    expect(rowsOf({ userListAdd })).toEqual([{ EMAIL: mail }, { EXTERN_ID: 'u-4' }]);
  });

  test('rule 34: of which some entries come back are those entries, and only their failures', () => {
    const userListAdd = [{ EXTERN_ID: 'u-0' }, 5, { EXTERN_ID: 'u-2' }, null];
    const some = { wantsEntry: (entry: string) => entry === 'userListAdd[2]' || entry === 'userListAdd[3]' };
    const { result } = list({ userListAdd, userListDelete: [{ EXTERN_ID: 'u-9' }] }, some);
    expect(result).toMatchObject({
      updates: [{ changes: [{ entry: 'userListAdd[2]' }] }],
      failure: { message: "1 of 2 users can't be used: userListAdd[3] (NOT_AN_OBJECT).", entries: 'userListAdd[3]' },
    });
    expect(list({ userListAdd: [] }, some).failure?.code).toBe('NO_USERS');
  });

  test('rule 34: of a replacement entries that come back are added to those who have replaced the audience', () => {
    const users = [{ EXTERN_ID: 'u-0' }, { EXTERN_ID: 'u-1' }];
    const operations = (run: Run) =>
      updatesOf({ operation: 'replace', users }, run).flatMap(({ changes }) =>
        changes.map(({ operation, entry }) => `${operation} ${entry}`),
      );
    expect(operations({})).toEqual(['replace users[0]', 'replace users[1]']);
    expect(operations({ wantsEntry: (entry) => entry === 'users[1]' })).toEqual(['add users[1]']);
  });

  test('without a usable entry are rejected as a whole', () => {
    expect(list({ userListAdd: [5] }).failure).toMatchObject({ code: 'ENTRIES_REJECTED' });
    expect(list({ userListAdd: [5] }).failure).not.toHaveProperty('entries');
    expect(list({ userListAdd: 'everybody' }).failure?.message).toContain('userListAdd (LIST_INVALID)');
  });

  test('that are not there are skipped under the default trigger, a dead letter under one of the user’s', () => {
    expect(list({}).skipped).toBe('no_membership');
    expect(list({}, { ownTrigger: true }).failure?.code).toBe('NO_USERS');
  });

  test('are only removed from where additions are barred', () => {
    const users = { userListAdd: [{ EXTERN_ID: 'a' }], userListDelete: [{ EXTERN_ID: 'b' }] };
    expect(rowsOf(users, { additionsBarred: 'consent' })).toEqual([{ EXTERN_ID: 'b' }]);
    expect(list({ userListAdd: [{ EXTERN_ID: 'a' }] }, { additionsBarred: 'consent' }).skipped).toBe('consent');
  });

  test('for a value-based audience hold a value for each', () => {
    const userListAdd = [{ EXTERN_ID: 'a', LOOKALIKE_VALUE: '7.5' }, { EXTERN_ID: 'b' }, { EXTERN_ID: 'c', value: -1 }];
    const run = { mapping: { value_based: true } };
    expect(rowsOf({ userListAdd }, run)).toEqual([{ EXTERN_ID: 'a', LOOKALIKE_VALUE: 7.5 }]);
    const { result } = list({ userListAdd }, run);
    expect(result).toMatchObject({ failure: { message: expect.stringContaining('[1] (VALUE_MISSING)') } });
    expect(result).toMatchObject({ failure: { message: expect.stringContaining('[2] (VALUE_INVALID)') } });
  });
});

describe('hashing and formatting', () => {
  test('hash: false passes hashes on and refuses everything else, which never leaves', () => {
    const run = { mapping: { hash: false } };
    const users = [{ EMAIL: mail.toUpperCase(), EXTERN_ID: 'u-1' }, { EMAIL: 'a@shop.example' }];
    expect(rowsOf({ userListAdd: users }, run)).toEqual([{ EMAIL: mail, EXTERN_ID: 'u-1' }]);
    const { result } = list({ userListAdd: users }, run);
    expect(result).toMatchObject({ failure: { message: expect.stringContaining('userListAdd[1] (NOT_HASHED)') } });
    expect(JSON.stringify(result)).not.toContain('shop.example');
  });

  test('format: false hashes the value as given', () => {
    const run = { mapping: { format: false } };
    const userListAdd = [{ EMAIL: 'A@Shop.example', MADID: 'AB-1' }];
    expect(rowsOf({ userListAdd }, run)).toEqual([{ EMAIL: sha256('A@Shop.example'), MADID: 'AB-1' }]);
  });
});

describe('sessions', () => {
  const users = { userListAdd: [{ EXTERN_ID: 'a' }], userListDelete: [{ EXTERN_ID: 'b' }] };

  test('are those of the sender where they number them', () => {
    const numbered = { ...users, sessionIdAdd: 123, sessionIdDelete: '9007199254740993', batchSequence: 10 };
    expect(updatesOf({ ...numbered, lastBatchFlag: false }).map(({ session }) => session)).toEqual([
      { id: '9007199254740993', sequence: 10, last: false },
      { id: '123', sequence: 10, last: false },
    ]);
  });

  test.each([
    [{ sessionIdAdd: 5, sessionIdDelete: '05' }, 'SESSION_REUSED'],
    [{ sessionIdAdd: 'five' }, 'SESSION_INVALID'],
    [{ sessionIdAdd: 0 }, 'SESSION_INVALID'],
    [{ sessionIdAdd: '9223372036854775808' }, 'SESSION_INVALID'],
  ])('%j is refused', (session, code) => {
    expect(list({ ...users, ...session }).failure?.code).toBe(code);
  });

  test('take no list that is longer than a request', () => {
    const userListAdd = Array.from({ length: 10_001 }, (_, index) => ({ EXTERN_ID: `u-${index}` }));
    expect(list({ userListAdd, sessionIdAdd: 5 }).failure?.code).toBe('SESSION_TOO_LARGE');
  });
});

describe('which audience', () => {
  const userListAdd = [{ EXTERN_ID: 'a' }];

  test('is said by the name of the event, for one or several', () => {
    const mapping = { audiences: { USERS: ['1', 2], OTHER: '3' } };
    expect(updatesOf({ userListAdd }, { mapping }).map(({ target }) => target)).toEqual([
      { kind: 'id', id: '1' },
      { kind: 'id', id: '2' },
    ]);
  });

  test('an event whose name is not there is skipped', () => {
    expect(list({ userListAdd }, { mapping: { audiences: { OTHER: '3' } } }).skipped).toBe('event_not_mapped');
  });
});

describe('cohort messages', () => {
  const settings = { adAccountId: 'act_9' };
  const run = { settings, mapping: { audience_id: null } };

  test.each([
    ['create', 'add'],
    ['add', 'add'],
    ['remove', 'remove'],
  ])('%s', (operation, expected) => {
    const [update] = updatesOf({ operation, cohort_name: 'Loyal', users: [{ email: 'a@shop.example' }] }, run);
    expect(update?.target).toMatchObject({ kind: 'name', name: 'Loyal', adAccountId: 'act_9' });
    expect(update?.changes).toMatchObject([{ operation: expected, entry: 'users[0]', rows: [{ EMAIL: mail }] }]);
  });

  test('replace with all who are to be in the audience, as the users of a cohort or as those of a list', () => {
    const users = [{ email: 'a@shop.example', LOOKALIKE_VALUE: 3 }, 5];
    const [cohort] = updatesOf({ operation: 'replace', cohort_name: 'Loyal', users }, run);
    expect(cohort?.changes).toMatchObject([{ operation: 'replace', entry: 'users[0]', rows: [{ EMAIL: mail }] }]);
    const { result } = list({ userListAdd: users }, { mapping: { operation: 'Replace' } });
    expect(result).toMatchObject({
      updates: [{ changes: [{ operation: 'replace', entry: 'userListAdd[0]' }] }],
      failure: { code: 'ENTRIES_REJECTED', message: expect.stringContaining('userListAdd[1] (NOT_AN_OBJECT)') },
    });
  });

  test.each([
    ['nobody', { users: [] }, 'REPLACE_EMPTY'],
    ['no list', {}, 'REPLACE_EMPTY'],
    ['nobody who can be used', { users: [5] }, 'ENTRIES_REJECTED'],
    ['removals', { users: [{ EXTERN_ID: 'a' }], userListDelete: [{ EXTERN_ID: 'b' }] }, 'REPLACE_IN_PARTS'],
    ['one of several batches', { users: [{ EXTERN_ID: 'a' }], batchSequence: 2 }, 'REPLACE_IN_PARTS'],
    ['a batch that is not the last', { users: [{ EXTERN_ID: 'a' }], lastBatchFlag: false }, 'REPLACE_IN_PARTS'],
    [
      'rule 31: more than a request takes',
      { users: Array.from({ length: 10_001 }, (_, index) => ({ EXTERN_ID: `u-${index}` })) },
      'REPLACE_TOO_LARGE',
    ],
  ])('that would replace by %s are refused', (_, properties, code) => {
    expect(list({ operation: 'replace', cohort_name: 'Loyal', ...properties }, run).failure?.code).toBe(code);
  });

  test('replace nobody where additions are barred', () => {
    const event = { operation: 'replace', cohort_name: 'Loyal', users: [{ EXTERN_ID: 'a' }] };
    expect(list(event, { ...run, additionsBarred: 'consent' }).skipped).toBe('consent');
  });

  test('that only create an audience ask for nothing else', () => {
    expect(updatesOf({ operation: 'create', cohort_name: 'Loyal' }, run)).toMatchObject([{ changes: [] }]);
  });

  test('name an operation that is known', () => {
    expect(list({ operation: 'paint', users: [{}] }).failure?.code).toBe('OPERATION_UNKNOWN');
    expect(list({ users: [{ EXTERN_ID: 'a' }] }).failure?.code).toBe('OPERATION_UNKNOWN');
  });

  test('by id go to that audience', () => {
    const event = { operation: 'add', audience_id: '120', users: [{ EXTERN_ID: 'a' }] };
    expect(updatesOf(event, { mapping: { audience_id: { '@path': '$.properties.audience_id' } } })[0]?.target).toEqual({
      kind: 'id',
      id: '120',
    });
  });
});
