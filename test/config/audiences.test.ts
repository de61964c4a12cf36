import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDestinations } from '../../src/config/load.ts';
import { loadText } from './load-text.ts';

type Members = Readonly<Record<string, unknown>>;

function textOf(subscription: Members, settings: Members = {}, more: Members = {}): string {
  const trigger = 'type = "track" and event = "x"';
  return JSON.stringify({
    name: 'crm',
    ...more,
    settings: { access_token: { $env: 'TOKEN' }, ...settings },
    subscriptions: [{ name: 'One', action: 'sync-audience', trigger, ...subscription }],
  });
}

const told = (subscription: Members, settings: Members = {}) =>
  loadText(textOf(subscription, settings)).problems.map(({ severity, code }) => `${severity} ${code}`);

const list = { action: 'sync-audience-list' };

describe('the settings of audiences are checked when they are loaded', () => {
  test.each<[string, Members, Members, string[]]>([
    ['a name and no ad account', { mapping: { audience_name: 'A' } }, {}, ['error AD_ACCOUNT_MISSING']],
    ['a name and an ad account', { mapping: { audience_name: 'A' } }, { ad_account_id: '7' }, []],
    [
      'a name and an account of the event',
      { mapping: { audience_name: 'A', ad_account_id: { '@path': '$.properties.a' } } },
      {},
      [],
    ],
    ['neither id nor name', { mapping: {} }, { ad_account_id: '7' }, ['warning AUDIENCE_UNNAMED']],
    ['what Engage sends', { trigger: 'context.personas.computation_key != null' }, {}, []],
    ['no schema field', { ...list, mapping: { audience_id: '1', schema_fields: [] } }, {}, ['error LITERAL_INVALID']],
    [
      'an unknown schema field',
      { ...list, mapping: { audience_id: '1', schema_fields: ['EMAIL', 'SHOE_SIZE'] } },
      {},
      ['error LITERAL_INVALID'],
    ],
    ['schema fields', { ...list, mapping: { audience_id: '1', schema_fields: ['EMAIL', 'First Name'] } }, {}, []],
    [
      'a number that has lost digits in the table of audiences',
      { ...list, mapping: { audiences: { ADD: 2 ** 60 } } },
      {},
      ['error LITERAL_INVALID'],
    ],
    ['ids in the table of audiences', { ...list, mapping: { audiences: { ADD: ['120200000000000001', 7] } } }, {}, []],
    [
      'a word that is no membership',
      { mapping: { audience_id: '1', membership: 'perhaps' } },
      {},
      ['error LITERAL_INVALID'],
    ],
    ['a membership', { mapping: { audience_id: '1', membership: true } }, {}, []],
    [
      'an app-scoped id without its app',
      { mapping: { audience_id: '1', app_user_id: { '@path': '$.properties.u' } } },
      {},
      ['warning SCOPED_ID_LEFT_OUT'],
    ],
    ['a threshold as text', { mapping: { audience_id: '1' } }, { max_rejected_per_batch: '10' }, ['error CONFIG_TYPE']],
    [
      'a threshold with a fraction',
      { mapping: { audience_id: '1' } },
      { max_rejected_per_batch: 1.5 },
      ['error CONFIG_TYPE'],
    ],
    ['a threshold below -1', { mapping: { audience_id: '1' } }, { max_rejected_per_batch: -5 }, []],
  ])('%s', (_, subscription, settings, expected) => {
    expect(told(subscription, settings)).toEqual(expected);
  });
});

describe('a destination that is switched off', () => {
  const load = (...texts: readonly string[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'off-'));
    for (const [at, text] of texts.entries()) writeFileSync(join(folder, `${at}.json`), text);
    return loadDestinations(folder, { actions: new Map(), environment: {} });
  };
  const off = (subscription: Members) => textOf(subscription, {}, { enabled: false });

  test('gets nothing, and is checked all the same', () => {
    expect(loadText(off({ mapping: { audience_id: '1' } }))).toMatchObject({ problems: [], off: true, routes: [] });
    expect(loadText(off({ mapping: { audience_id: '1' } })).destination).toBeUndefined();
    expect(loadText(off({ action: 'nothing' })).problems).toMatchObject([{ code: 'UNKNOWN_ACTION' }]);
  });

  test('alone is nothing to run', () => {
    expect(() => load(JSON.stringify({ ...JSON.parse(off({})), subscriptions: [] }))).not.toThrow();
  });
});
