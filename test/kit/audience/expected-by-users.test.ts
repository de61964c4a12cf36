import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnalyticsEvent } from '../../../src/core/event.ts';
import { loadActions } from '../../../src/kit/load-actions.ts';
import { type Run, runAction, sha256 } from '../../actions/run-action.ts';

const actions = await loadActions(join(import.meta.dirname, '..', '..', '..', 'actions'));

function run(key: string, event: AnalyticsEvent, given: Run = {}) {
  const action = actions.get(key);
  if (action === undefined) throw new Error('no such action');
  const ran = runAction(action, event, {
    ownTrigger: true,
    ...given,
    mapping: { audience_id: '77', ...given.mapping },
  });
  const updates = ran.result?.kind === 'audience' ? ran.result.updates : [];
  return { ...ran, changes: updates.flatMap(({ changes }) => changes) };
}

const cohort = (properties: object, given: Run = {}) =>
  run('sync-audience-list', { type: 'track', event: 'Cohort', properties }, given);
const person = (properties: object, given: Run = {}) =>
  run('sync-audience', { type: 'track', event: 'new', properties }, given);

const phone = '8c2b6a9e-5f0d-4b7a-9c1e-0a1b2c3d4e5f';

describe('what is not meant for the action', () => {
  const computed = (value: unknown, type: 'identify' | 'track' = 'identify'): AnalyticsEvent => ({
    type,
    userId: 'u-1',
    [type === 'identify' ? 'traits' : 'properties']: { lifetime_value: value },
    context: { personas: { computation_key: 'lifetime_value' } },
  });

  test.each([42.5, 'gold', null, ['a']])('a computed trait %j is skipped, also under a trigger of ours', (value) => {
    expect(run('sync-audience', computed(value)).skipped).toBe('no_membership');
    expect(run('sync-audience', computed(value, 'track')).skipped).toBe('no_membership');
  });

  test('the boolean of an audience beside it changes the audience', () => {
    expect(run('sync-audience', computed(true)).changes).toMatchObject([{ operation: 'add' }]);
    expect(run('sync-audience', computed(false)).changes).toMatchObject([{ operation: 'remove' }]);
  });

  test.each([
    { operation: 'add', users: [] },
    { operation: 'remove', users: [] },
    { userListAdd: [] },
    { userListAdd: [], userListDelete: [] },
  ])('an empty delta %j is skipped', (properties) => {
    expect(cohort(properties).skipped).toBe('empty_list');
  });

  test('an empty replacement is no delta', () => {
    expect(cohort({ operation: 'replace', users: [] }).failure?.code).toBe('REPLACE_EMPTY');
  });
});

describe('users of a cohort as they come', () => {
  test('are read from user_id, device_id, user_properties and properties', () => {
    const { changes, warnings } = cohort({
      operation: 'add',
      users: [
        { user_id: 'u-1', device_id: phone, user_properties: { email: 'A@shop.example', country: 'SE' } },
        { user_id: 'u-2', properties: { 'First Name': 'Bo' } },
      ],
    });
    expect(changes.flatMap(({ rows }) => rows)).toEqual([
      { EXTERN_ID: 'u-1', EMAIL: sha256('a@shop.example'), MADID: phone, COUNTRY: sha256('se') },
      { EXTERN_ID: 'u-2', FN: sha256('bo') },
    ]);
    expect(warnings).toEqual([]);
  });

  test('are known by every address and number, whatever it is called', () => {
    const users = [{ email: 'a@shop.example', email_2: 'b@shop.example', traits: { email: ' A@shop.example' } }];
    for (const operation of ['add', 'remove'] as const) {
      const { changes, warnings } = cohort({ operation, users });
      expect(changes.flatMap(({ rows }) => rows)).toEqual([
        { EMAIL: sha256('a@shop.example') },
        { EMAIL: sha256('b@shop.example') },
      ]);
      expect(warnings).toEqual([]);
    }
    const filler = cohort({ operation: 'add', users: [{ phone: 'n/a', mobile: '+46701234567' }] });
    expect(filler.changes.flatMap(({ rows }) => rows)).toEqual([{ PHONE: sha256('46701234567') }]);
  });

  test.each(['device-77', '00000000-0000-0000-0000-000000000000', 5])('%j is no advertising id', (device_id) => {
    const { changes } = cohort({ operation: 'add', users: [{ user_id: 'u-1', device_id }] });
    expect(changes[0]?.rows).toEqual([{ EXTERN_ID: 'u-1' }]);
  });

  test('what no column takes is one warning that names the members', () => {
    const users = Array.from({ length: 30 }, (_, at) => ({
      user_id: `u-${at}`,
      plan: 'x',
      user_properties: { shoe: 4 },
    }));
    const { warnings } = cohort({ operation: 'add', users });
    expect(warnings).toMatchObject([{ code: 'MEMBERS_LEFT_OUT', field: 'users' }]);
    expect(warnings[0]?.message).toContain('plan, user_properties.shoe');
  });

  test('a member that is called by an address or a number is not named', () => {
    const { warnings } = cohort({ operation: 'add', users: [{ user_id: 'u', 'jo@shop.example': 1, 4670123456: 1 }] });
    expect(warnings[0]?.message).toMatch(/\[hidden\], \[hidden\]\.$/);
  });

  test.each([
    [true, 'add'],
    [false, 'remove'],
    ['in_cohort', 'add'],
    ['not_in_cohort', 'remove'],
    ['exited', 'remove'],
  ])('operation %j means %s', (operation, expected) => {
    expect(cohort({ operation, users: [{ user_id: 'u-1' }] }).changes).toMatchObject([{ operation: expected }]);
    expect(cohort({ in_cohort: operation, users: [{ user_id: 'u-1' }] }).changes).toMatchObject([
      { operation: expected },
    ]);
    expect(person({ email: 'a@shop.example' }, { mapping: { membership: operation } }).changes).toMatchObject([
      { operation: expected },
    ]);
  });
});

describe('what tells who somebody is', () => {
  const ann = { firstName: 'Ann', lastName: 'Lind', zip: '222 22', country: 'SE' };
  const meta = { settings: { audiences: { identifying: 'meta' as const } } };

  test('names with a zip or a country are refused, with the setting that allows them', () => {
    const { failure } = person(ann);
    expect(failure?.code).toBe('NO_IDENTIFIER');
    expect(failure?.fix).toContain('`identifying: meta`');
  });

  test.each([{ zip: '222 22' }, { country: 'SE' }, { birthday: '1990-02-01' }])('meta: names with %j', (more) => {
    const named = { firstName: 'Ann', lastName: 'Lind', ...more };
    expect(person(named, meta).changes).toMatchObject([
      { user: expect.stringMatching(/^NAME:/), rows: [{ FN: sha256('ann') }] },
    ]);
    expect(person(named, meta).changes[0]?.identifiers).toHaveLength(1);
    const removed = run('sync-audience', { type: 'track', event: 'deleted', properties: named }, meta);
    expect(removed.changes[0]?.user).toBe(person(named, meta).changes[0]?.user);
    expect(cohort({ userListAdd: [named] }, meta).changes).toHaveLength(1);
  });

  test.each([{}, { city: 'Lund' }, { doby: '1990' }])('meta: names with %j alone are still too little', (more) => {
    expect(person({ firstName: 'Ann', lastName: 'Lind', ...more }, meta).failure?.code).toBe('NO_IDENTIFIER');
  });

  test('an app-scoped id does with its app; without the app it is left out, with a warning', () => {
    const mapping = { app_user_id: '1001', app_ids: ['55'] };
    expect(person({}, { mapping }).changes).toMatchObject([{ user: 'APPUID:1001', rows: [{ APPUID: '1001' }] }]);
    const { failure, warnings } = person({}, { mapping: { app_user_id: '1001' } });
    expect(failure?.code).toBe('NO_IDENTIFIER');
    expect(warnings).toMatchObject([{ code: 'SCOPED_ID_LEFT_OUT', field: 'app_user_id' }]);
  });
});

describe('what can not be read', () => {
  test('is warned of for one person, and once for a list', () => {
    const bad = { email: 'a@shop.example', birthday: 'soon', country: 'Atlantis', phone: '12' };
    const fields = ['country', 'db', 'ph'];
    const told = (warnings: readonly { readonly code: string; readonly field?: string }[]) =>
      warnings.flatMap(({ code, field }) => (code === 'IDENTIFIER_UNUSABLE' ? [field] : [])).sort();
    expect(told(person(bad).warnings)).toEqual(fields);
    expect(told(cohort({ userListAdd: [bad, bad, bad] }).warnings)).toEqual(fields);
    expect(told(cohort({ userListDelete: [bad] }).warnings)).toEqual(fields);
  });
});
