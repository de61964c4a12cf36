import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergedMapping } from '../../../src/config/mapping-merge.ts';
import type { AudienceChange } from '../../../src/core/audience.ts';
import type { AnalyticsEvent } from '../../../src/core/event.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { columnsOfPerson } from '../../../src/kit/audience/fields/audience-person.ts';
import { loadActions } from '../../../src/kit/load-actions.ts';
import { type Run, runAction, sha256 } from '../../actions/run-action.ts';

const actions = await loadActions(join(import.meta.dirname, '..', '..', '..', 'actions'));

function sync(event: AnalyticsEvent, run: Run = {}) {
  const action = actions.get('sync-audience');
  if (action === undefined) throw new Error('no such action');
  return runAction(action, event, { ...run, mapping: { audience_id: '77', ...run.mapping } });
}

function changesOf(event: AnalyticsEvent, run: Run = {}): readonly AudienceChange[] {
  const { result } = sync(event, run);
  return result?.kind === 'audience' ? result.updates.flatMap(({ changes }) => changes) : [];
}

const row = (event: string, more: object = {}): AnalyticsEvent => ({
  type: 'track',
  event,
  userId: 'u-1',
  properties: { email: 'New@Shop.example' },
  ...more,
});

describe('one person', () => {
  test('is added with everything that is known, external id as given, the rest hashed', () => {
    const traits = {
      email: 'Maja@Shop.example',
      phone: '+46 70 123 45 67',
      firstName: 'Maja',
      lastName: 'Lind',
      gender: 'female',
      birthday: '1991-04-07',
      address: { city: 'Lund', postalCode: '222 22', country: 'SE' },
    };
    const event: AnalyticsEvent = {
      type: 'identify',
      userId: 'CUST 1',
      traits: { ...traits, vip: true },
      context: { personas: { computation_key: 'vip' } },
    };
    expect(changesOf(event)).toEqual([
      {
        operation: 'add',
        user: 'EXTERN_ID:CUST 1',
        identifiers: ['CUST 1', sha256('maja@shop.example'), sha256('46701234567')],
        rows: [
          {
            EXTERN_ID: 'CUST 1',
            EMAIL: sha256('maja@shop.example'),
            PHONE: sha256('46701234567'),
            FN: sha256('maja'),
            LN: sha256('lind'),
            GEN: sha256('f'),
            DOBY: sha256('1991'),
            DOBM: sha256('04'),
            DOBD: sha256('07'),
            CT: sha256('lund'),
            ZIP: sha256('22222'),
            COUNTRY: sha256('se'),
          },
        ],
      },
    ]);
  });

  test('is removed by what an addition would have sent', () => {
    const [added] = changesOf(row('new'));
    const [removed] = changesOf(row('deleted'));
    expect(removed).toEqual({ ...added, operation: 'remove' });
  });

  test('is removed by what the rules before would have sent, unless the destination says otherwise', () => {
    const traits = { phone: '+4407911123456', address: { state: 'US-CA' } };
    const event: AnalyticsEvent = { type: 'track', event: 'Audience Exited', traits };
    const [current, first] = [sha256('447911123456'), sha256('4407911123456')];
    expect(changesOf(event)).toEqual([
      {
        operation: 'remove',
        user: `PHONE:${current}`,
        identifiers: [current, first],
        rows: [
          { PHONE: current, ST: sha256('ca') },
          { PHONE: first, ST: sha256('usca') },
        ],
      },
    ]);
    const only = { settings: { audiences: { removalVersions: [2] } } };
    expect(changesOf(event, only)[0]?.rows).toEqual([{ PHONE: current, ST: sha256('ca') }]);
    expect(changesOf({ ...event, event: 'Audience Entered' })[0]?.rows).toHaveLength(1);
  });

  test('is removed by an identifier that only the rules before took', () => {
    const event: AnalyticsEvent = { type: 'track', event: 'Audience Exited', traits: { phone: '4.91512E+12' } };
    expect(changesOf(event)[0]).toMatchObject({ operation: 'remove', rows: [{ PHONE: sha256('49151212') }] });
    expect(changesOf({ ...event, event: 'Audience Entered' })).toEqual([]);
  });

  test('has an external id that is hashed where the destination says so, for both', () => {
    const settings = { audiences: { hashExternalId: true } };
    expect(changesOf(row('new'), { settings })[0]?.rows[0]?.EXTERN_ID).toBe(sha256('u-1'));
    expect(changesOf(row('deleted'), { settings })[0]?.rows[0]?.EXTERN_ID).toBe(sha256('u-1'));
  });

  describe('whose external id is an address', () => {
    const address = 'Ann.Lee@Shop.example';
    const of = (event: string) => row(event, { userId: address, properties: {} });
    const hash = sha256('ann.lee@shop.example');
    const rowsOf = (event: AnalyticsEvent, run: Run = {}) => changesOf(event, run).flatMap(({ rows }) => rows);

    test('is added and removed by its hash, with a warning that says so', () => {
      expect(rowsOf(of('new'))).toEqual([{ EXTERN_ID: hash }]);
      expect(rowsOf(of('deleted'))).toEqual([{ EXTERN_ID: hash }]);
      for (const event of ['new', 'deleted']) {
        const { warnings } = sync(of(event));
        expect(warnings.map(({ code, field }) => [code, field])).toEqual([['EXTERNAL_ID_HASHED', 'external_id']]);
        expect(JSON.stringify(warnings)).not.toContain('shop');
      }
    });

    test('is removed as the first rules added it where the destination names them', () => {
      const settings = { audiences: { removalVersions: [1, 2] } };
      expect(rowsOf(of('deleted'), { settings })).toEqual([{ EXTERN_ID: hash }, { EXTERN_ID: address }]);
      expect(rowsOf(of('new'), { settings })).toEqual([{ EXTERN_ID: hash }]);
    });

    test('goes as given where the subscription or the destination says so', () => {
      const given = [{ EXTERN_ID: address }];
      expect(rowsOf(of('new'), { inTheClear: ['external_id'] })).toEqual(given);
      expect(rowsOf(of('deleted'), { inTheClear: ['external_id'] })).toEqual(given);
      expect(rowsOf(of('new'), { settings: { stripIdentifiers: false } })).toEqual(given);
      expect(sync(of('new'), { inTheClear: ['external_id'] }).warnings).toEqual([]);
    });

    test('is hashed as given without formatting, and refused where values are to be hashes', () => {
      expect(rowsOf(of('new'), { mapping: { format: false } })).toEqual([{ EXTERN_ID: sha256(address) }]);
      expect(sync(of('new'), { mapping: { hash: false } }).failure?.code).toBe('NOT_HASHED');
      expect(rowsOf(row('new', { properties: {} }), { mapping: { hash: false } })).toEqual([{ EXTERN_ID: 'u-1' }]);
    });

    test('in a list of ids leaves the others as given', () => {
      const mapping = { external_id: ['u-1', address, '+49 151 12345678'] };
      expect(rowsOf(row('new', { properties: {} }), { mapping })).toEqual([
        { EXTERN_ID: 'u-1' },
        { EXTERN_ID: hash },
        { EXTERN_ID: sha256('+4915112345678') },
      ]);
    });
  });

  test('has no e-mail address or phone number in a row, whatever column it was given for', () => {
    const columns = Object.keys(columnsOfPerson);
    const address = fc.tuple(
      fc.stringMatching(/^[a-z]{3,8}[.+_]?[a-z0-9]{1,6}$/),
      fc.constantFrom('shop.example', 'x.co.uk'),
    );
    const phone = fc.integer({ min: 2_000_000, max: 9_999_999 }).map((digits) => `+1650${digits}`);
    const secret = fc.oneof(
      address.map((parts) => parts.join('@')),
      phone,
    );
    const event = fc.constantFrom('new', 'deleted');
    const wrap = fc.constantFrom(
      (text: string) => text,
      (text: string) => ` ${text} `,
      (text: string) => `id:${text}`,
    );
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(...columns),
        event,
        wrap,
        fc.boolean(),
        (text, column, name, wrapped, format) => {
          const mapping = { external_id: 'u-1', [column]: wrapped(text), app_ids: ['5'], page_ids: ['6'], format };
          const { result, warnings } = sync(row(name, { properties: {} }), { mapping });
          expect(result?.kind).toBe('audience');
          const sent = JSON.stringify([result, warnings]).toLowerCase();
          expect(sent).not.toContain(text.toLowerCase());
          if (text.startsWith('+')) expect(sent).not.toContain(text.slice(1));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('whose id of an app or page is an address has none', () => {
    const event = row('new', { properties: {} });
    const mapping = { app_user_id: 'ann@shop.example', app_ids: ['5'] };
    const { warnings } = sync(event, { mapping });
    expect(changesOf(event, { mapping })[0]?.rows).toEqual([{ EXTERN_ID: 'u-1' }]);
    expect(warnings).toMatchObject([{ code: 'IDENTIFIER_UNUSABLE', field: 'app_user_id' }]);
  });

  test('of several e-mail addresses gets a row for each', () => {
    const event = row('new', { properties: { email: ['a@shop.example', 'b@shop.example'] } });
    expect(changesOf(event)[0]?.rows).toEqual([
      { EXTERN_ID: 'u-1', EMAIL: sha256('a@shop.example') },
      { EXTERN_ID: 'u-1', EMAIL: sha256('b@shop.example') },
    ]);
  });

  test('whose whole birthday is a hash has no parts of it', () => {
    const event = row('new', { properties: { birthday: sha256('19910407') } });
    expect(Object.keys(changesOf(event)[0]?.rows[0] ?? {})).toEqual(['EXTERN_ID']);
  });

  test('has limited data use as columns', () => {
    const mapping = {
      data_processing_options: ['LDU'],
      data_processing_options_country: 1,
      data_processing_options_state: 1000,
    };
    expect(changesOf(row('new'), { mapping })[0]?.rows[0]).toMatchObject({
      DATA_PROCESSING_OPTIONS: ['LDU'],
      DATA_PROCESSING_OPTIONS_COUNTRY: 1,
      DATA_PROCESSING_OPTIONS_STATE: 1000,
    });
  });

  test('known by a page-scoped id alone needs exactly one page', () => {
    const event: AnalyticsEvent = { type: 'track', event: 'new' };
    const mapping = { page_scoped_user_id: '990' };
    expect(sync(event, { mapping }).failure?.code).toBe('NO_IDENTIFIER');
    expect(changesOf(event, { mapping: { ...mapping, page_ids: ['5'] } })[0]?.user).toBe('PAGEUID:990');
    expect(sync(event, { mapping: { ...mapping, page_ids: ['5', '6'] } }).failure?.code).toBe('NO_IDENTIFIER');
  });
});

describe('values before an update', () => {
  const mapping = {
    before: { em: { '@path': '$.properties.old' }, external_id: { '@path': '$.userId' } },
  };

  test('rule 27: identifiers that are gone are removed before the new ones are added', () => {
    const event = row('updated', { properties: { email: 'new@shop.example', old: 'old@shop.example' } });
    expect(changesOf(event, { mapping })).toMatchObject([
      { operation: 'remove', rows: [{ EMAIL: sha256('old@shop.example') }] },
      { operation: 'add', rows: [{ EXTERN_ID: 'u-1', EMAIL: sha256('new@shop.example') }] },
    ]);
  });

  test('that are the same remove nobody', () => {
    const event = row('updated', { properties: { email: 'new@shop.example', old: 'NEW@shop.example' } });
    expect(changesOf(event, { mapping }).map(({ operation }) => operation)).toEqual(['add']);
  });

  test('are removed also where nothing is left to add the person by, which is a dead letter', () => {
    const event: AnalyticsEvent = { type: 'track', event: 'updated', properties: { old: 'old@shop.example' } };
    const { result } = sync(event, { mapping: { before: { em: { '@path': '$.properties.old' } } } });
    expect(result).toMatchObject({
      kind: 'audience',
      updates: [{ changes: [{ operation: 'remove', rows: [{ EMAIL: sha256('old@shop.example') }] }] }],
      failure: { code: 'NO_IDENTIFIER' },
    });
  });

  test('are removed with the person', () => {
    const event = row('deleted', { properties: { email: 'new@shop.example', old: 'old@shop.example' } });
    expect(changesOf(event, { mapping })).toMatchObject([
      {
        operation: 'remove',
        rows: [
          { EXTERN_ID: 'u-1', EMAIL: sha256('new@shop.example') },
          { EXTERN_ID: 'u-1', EMAIL: sha256('old@shop.example') },
        ],
      },
    ]);
  });

  test('are all that a deleted row has, and enough', () => {
    const event = { type: 'track', event: 'deleted', properties: { old: 'old@shop.example' } } as const;
    const old = { before: { em: { '@path': '$.properties.old' } } };
    expect(changesOf(event, { mapping: old })[0]?.rows).toEqual([{ EMAIL: sha256('old@shop.example') }]);
  });
});

describe('what is absent or junk', () => {
  test.each([[''], ['-'], ['/'], [null], ['n/a']])(
    'an external id %j is left out, and the e-mail is enough',
    (userId) => {
      expect(changesOf(row('new', { userId }))[0]?.rows).toEqual([{ EMAIL: sha256('new@shop.example') }]);
    },
  );

  test('a phone of zeros identifies nobody', () => {
    const event: AnalyticsEvent = { type: 'track', event: 'new', properties: { phone: '0000000' } };
    expect(sync(event).failure?.code).toBe('NO_IDENTIFIER');
  });

  test('require_external_id makes the rule strict', () => {
    const settings = { audiences: { requireExternalId: true } };
    expect(sync(row('new', { userId: '' }), { settings }).failure?.code).toBe('EXTERNAL_ID_MISSING');
    expect(changesOf(row('new'), { settings })).toHaveLength(1);
  });
});

describe('rule 30: membership', () => {
  const order: AnalyticsEvent = { type: 'track', event: 'Order Completed', userId: 'u-1' };

  test('unsaid is skipped under the default trigger, a dead letter under one of the user’s', () => {
    expect(sync(order).skipped).toBe('no_membership');
    expect(sync(order, { ownTrigger: true }).failure?.code).toBe('MEMBERSHIP_UNSAID');
  });

  test.each([[null], [''], [undefined]])(
    'of %j where the mapping looks for it adds nobody, and keeps nobody in',
    (optIn) => {
      const mapping = { membership: { '@path': '$.properties.opt_in' } };
      const of = (event: string) => row(event, { properties: { email: 'ada@shop.example', opt_in: optIn } });
      for (const name of ['new', 'updated']) {
        expect(sync(of(name), { mapping }).skipped).toBe('no_membership');
        const { failure } = sync(of(name), { mapping, ownTrigger: true });
        expect(failure).toMatchObject({ code: 'MEMBERSHIP_UNSAID', message: expect.stringContaining('name alone') });
      }
      expect(changesOf(of('deleted'), { mapping }).map(({ operation }) => operation)).toEqual(['remove']);
      expect(changesOf(of('updated'), { mapping: { membership: null } })).toHaveLength(1);
    },
  );

  test('in an unknown word is a dead letter under both', () => {
    const mapping = { membership: 'perhaps' };
    expect(sync(order, { mapping }).failure?.code).toBe('MEMBERSHIP_UNKNOWN');
    expect(sync(order, { mapping, ownTrigger: true }).failure?.code).toBe('MEMBERSHIP_UNKNOWN');
  });

  test('is filtered by the sync mode', () => {
    expect(sync(row('deleted'), { mapping: { sync_mode: 'upsert' } }).skipped).toBe('sync_mode');
    expect(sync(row('new'), { mapping: { sync_mode: 'delete' } }).skipped).toBe('sync_mode');
    expect(changesOf(row('updated'), { mapping: { sync_mode: 'upsert' } })).toHaveLength(1);
  });

  test('that is barred stops an addition, never a removal', () => {
    expect(sync(row('new'), { additionsBarred: 'consent' }).skipped).toBe('consent');
    expect(changesOf(row('deleted'), { additionsBarred: 'consent' })).toHaveLength(1);
    const mapping = { before: { em: { '@path': '$.properties.old' } } };
    const updated = row('updated', { properties: { email: 'new@shop.example', old: 'old@shop.example' } });
    const changes = changesOf(updated, { mapping, additionsBarred: 'integrations' });
    expect(changes.map(({ operation }) => operation)).toEqual(['remove']);
  });
});

describe('which audience', () => {
  const engage = (settings: object = {}): AnalyticsEvent => ({
    type: 'identify',
    userId: 'u-1',
    traits: { vip: true },
    context: { personas: { computation_key: 'vip', audience_settings: settings } },
  });
  const target = (event: AnalyticsEvent, run: Run = {}) => {
    const { result, failure } = sync(event, { ...run, mapping: { audience_id: null, ...run.mapping } });
    return result?.kind === 'audience' ? result.updates[0]?.target : failure?.code;
  };

  test('an id wins over a name', () => {
    const mapping = { audience_id: '120211' };
    expect(target(engage(), { mapping })).toEqual({ kind: 'id', id: '120211' });
  });

  test('the id is the one that Engage sends along, unless a mapping gives the name', () => {
    const { context, ...call } = engage();
    const personas = { ...(context as { personas: object }).personas, external_audience_id: '120233' };
    const event: AnalyticsEvent = { ...call, context: { personas } };
    const targetOf = (mapping: JsonObject) => {
      const action = actions.get('sync-audience');
      if (action === undefined) throw new Error('no such action');
      const merged = mergedMapping(action.definition, mapping);
      const nothing = Object.fromEntries(Object.keys(action.definition.fields).map((name) => [name, null]));
      const { result } = runAction(action, event, {
        mapping: { ...nothing, ...merged },
        settings: { adAccountId: 'act_9' },
      });
      return result?.kind === 'audience' ? result.updates[0]?.target : undefined;
    };
    expect(targetOf({})).toEqual({ kind: 'id', id: '120233' });
    expect(targetOf({ audience_name: 'Members' })).toMatchObject({ kind: 'name', name: 'Members' });
    expect(targetOf({ audience_id: '120211' })).toEqual({ kind: 'id', id: '120211' });
  });

  test('whose id or ad account the event brings is marked as of the event, and one of the mapping is not', () => {
    const row = (properties: object): AnalyticsEvent => ({ type: 'track', event: 'new', userId: 'u-1', properties });
    const id = { audience_id: { '@path': '$.properties.a' }, ad_account_id: { '@path': '$.properties.account' } };
    const of = (properties: object, mapping: Run['mapping'] & object, fixedFields: Run['fixedFields'] & object) =>
      target(row(properties), { mapping, fixedFields, settings: { adAccountId: 'act_9' } });
    expect(of({ a: '120' }, id, {})).toEqual({ kind: 'id', id: '120', fromEvent: true });
    expect(of({ a: '120' }, id, { audience_id: 120 })).toEqual({ kind: 'id', id: '120' });
    expect(of({}, { audience_id: '120' }, { audience_id: '120' })).not.toHaveProperty('fromEvent');
    const named = { ...id, audience_name: 'vip' };
    expect(of({ account: '8' }, named, {})).toMatchObject({ kind: 'name', adAccountId: 'act_8', fromEvent: true });
    for (const account of ['act_9', 9, undefined]) expect(of({ account }, named, {})).not.toHaveProperty('fromEvent');
  });

  test('the name is the computation key, in the ad account of the destination', () => {
    expect(target(engage(), { settings: { adAccountId: 'act_9' } })).toMatchObject({
      kind: 'name',
      name: 'vip',
      adAccountId: 'act_9',
      create: { customerFileSource: 'USER_PROVIDED_ONLY', valueBased: false },
    });
  });

  test.each(['555', 'act_555'])('the ad account %s that Engage sends along wins', (engageAdAccountId) => {
    const event = engage({ engageAdAccountId, audienceDescription: 'Best customers' });
    expect(target(event, { settings: { adAccountId: 'act_9' } })).toMatchObject({
      adAccountId: 'act_555',
      create: { description: 'Best customers' },
    });
  });

  test('is not created where that is forbidden', () => {
    const found = target(engage(), { settings: { adAccountId: 'act_9' }, mapping: { create_audience: false } });
    expect(found).not.toHaveProperty('create');
  });

  test.each([
    [{}, {}, 'AD_ACCOUNT_MISSING'],
    [{ audience_id: 'vip' }, {}, 'AUDIENCE_ID_INVALID'],
    [{ audience_name: ' ' }, { adAccountId: 'act_9' }, 'AUDIENCE_MISSING'],
    [{ ad_account_id: 'ours' }, {}, 'AD_ACCOUNT_INVALID'],
    [{ audience_name: 'x'.repeat(300) }, { adAccountId: 'act_9' }, 'AUDIENCE_NAME_TOO_LONG'],
  ])('that can not be told from %j is a dead letter', (mapping, settings, code) => {
    expect(target(engage(), { mapping, settings })).toBe(code);
  });
});

describe('a value-based audience', () => {
  test('gets the value as a number', () => {
    const mapping = { value_based: true, value: '12.5' };
    expect(changesOf(row('new'), { mapping })[0]?.rows[0]?.LOOKALIKE_VALUE).toBe(12.5);
  });

  test('gets nobody without a value, and nobody with one below 0', () => {
    expect(sync(row('new'), { mapping: { value_based: true } }).failure?.code).toBe('VALUE_MISSING');
    expect(sync(row('new'), { mapping: { value_based: true, value: -1 } }).failure?.code).toBe('VALUE_MISSING');
  });

  test('loses people without one', () => {
    const [removed] = changesOf(row('deleted'), { mapping: { value_based: true } });
    expect(removed?.rows[0]).not.toHaveProperty('LOOKALIKE_VALUE');
  });
});

test('a row that is longer than a request is refused before it is sent', () => {
  const event = row('new', { userId: 'x'.repeat(4_000) });
  const settings = { batch: { maxEvents: 1000, maxRows: 10_000, maxBytes: 2_000 } };
  expect(sync(event, { settings }).failure?.code).toBe('ROW_TOO_LARGE');
});

describe('hashing and formatting', () => {
  const hash = sha256('new@shop.example');

  test('hash: false passes hashes on and refuses everything else, which never leaves', () => {
    const hashed = row('new', { properties: { email: hash.toUpperCase() } });
    expect(changesOf(hashed, { mapping: { hash: false } })[0]?.rows[0]).toMatchObject({ EMAIL: hash });
    for (const word of ['new', 'deleted']) {
      const { failure } = sync(row(word), { mapping: { hash: 'false' } });
      expect(failure).toMatchObject({ code: 'NOT_HASHED', field: 'hash' });
    }
    const before = { before: { em: 'Old@Shop.example' } };
    expect(sync(hashed, { mapping: { hash: false, ...before } }).failure?.code).toBe('NOT_HASHED');
  });

  test('format: false hashes the value as given', () => {
    const [added] = changesOf(row('new'), { mapping: { format: false } });
    expect(added?.rows[0]).toMatchObject({ EMAIL: sha256('New@Shop.example') });
  });

  test('the parts of a whole birthday are its parts without formatting, too', () => {
    const [added] = changesOf(row('new'), { mapping: { format: false, db: '19910407' } });
    expect(added?.rows[0]).toMatchObject({ DOBY: sha256('1991'), DOBM: sha256('04'), DOBD: sha256('07') });
  });

  test('another word than true or false is not guessed', () => {
    expect(sync(row('new'), { mapping: { hash: 'perhaps' } }).failure).toMatchObject({
      code: 'FIELD_INVALID',
      field: 'hash',
    });
  });
});

test('the source of the data goes with the rows', () => {
  const data_source = { type: 'EVENT_BASED', sub_type: 'HASHES' };
  const { result } = sync(row('new'), { mapping: { data_source } });
  expect(result).toMatchObject({ updates: [{ settings: { dataSource: data_source } }] });
});

describe('whatever becomes of the rows of a table', () => {
  const mapping = {
    em: { '@path': '$.properties.em' },
    ph: { '@path': '$.properties.ph' },
    madid: { '@path': '$.properties.madid' },
    external_id: { '@path': '$.properties.id' },
    before: {
      em: { '@path': '$.context.before.em' },
      ph: { '@path': '$.context.before.ph' },
      madid: { '@path': '$.context.before.madid' },
      external_id: { '@path': '$.context.before.id' },
    },
  };
  const emails = ['a@x.example', ' A@X.example', 'b@x.example', 'n/a', '', sha256('b@x.example')];
  const phones = ['+46 70 123 45 67', '0046701234567', '+4407911123456', '-'];
  const someOf = <T>(values: readonly T[]) =>
    fc.option(fc.oneof(fc.constantFrom(...values), fc.subarray([...values])), { nil: undefined });
  const someRow = fc.option(
    fc.record({
      id: someOf(['7', 7, 'seven']),
      em: someOf(emails),
      ph: someOf(phones),
      madid: someOf(['AB-1', 'ab-1']),
    }),
    { nil: undefined },
  );

  test('only what identifies the last of them is in the audience, and nothing of one that is deleted', () => {
    fc.assert(
      fc.property(fc.array(someRow, { maxLength: 8 }), (versions) => {
        const members = new Set<string>();
        let before: object | undefined;
        for (const now of [...versions, undefined]) {
          const event = { type: 'track', properties: now ?? before ?? {}, context: { before: before ?? {} } } as const;
          const word = now === undefined ? 'deleted' : 'updated';
          const changes =
            now === undefined && before === undefined ? [] : changesOf({ ...event, event: word }, { mapping });
          for (const { operation, identifiers } of changes) {
            for (const each of identifiers) operation === 'add' ? members.add(each) : members.delete(each);
          }
          const wanted = now === undefined ? [] : changesOf({ ...event, context: {}, event: 'new' }, { mapping });
          expect([...members].sort()).toEqual(wanted.flatMap(({ identifiers }) => identifiers).sort());
          before = now;
        }
      }),
      { numRuns: 200 },
    );
  });
});
