import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadDestinations } from '../../src/config/load.ts';
import { loadActions } from '../../src/kit/load-actions.ts';
import { loadSubscriptions, loadText } from './load-text.ts';

type Written = Readonly<Record<string, unknown>>;

function problemsOf(action: string, mapping: Written, more: Written = {}) {
  const trigger = 'type = "track" and event = "x"';
  const { problems } = loadSubscriptions({ name: 'One', action, trigger, mapping, ...more });
  return problems.map(({ severity, code, message, fix }) => ({ severity, code, says: `${message} ${fix}` }));
}

describe('a literal of a mapping', () => {
  test.each([
    [
      'a path as plain text',
      'purchase',
      { value: '$.properties.revenue' },
      'LITERAL_PATH',
      '{ "@path": "$.properties.revenue" }',
    ],
    [
      'a path without its beginning',
      'purchase',
      { em: 'traits.email' },
      'LITERAL_PATH',
      '{ "@path": "$.traits.email" }',
    ],
    ['a member of the event as plain text', 'purchase', { external_id: 'userId' }, 'LITERAL_PATH', '"$.userId"'],
    ['one id for all events', 'purchase', { event_id: 'order_id' }, 'LITERAL_FIXED', 'the same for all events'],
    [
      'one id for all events that lack one',
      'purchase',
      { event_id: { '@first': [{ '@path': '$.properties.order_id' }, 'none'] } },
      'LITERAL_FIXED',
      'Meta would keep the first',
    ],
    ['one time for all events', 'lead', { event_time: { '@literal': '2026-11-20' } }, 'LITERAL_FIXED', 'event_time'],
    ['no country', 'purchase', { country: 'EN' }, 'LITERAL_INVALID', 'Country'],
    ['no country in a list', 'sync-audience', { country: ['DE', 'Germny'] }, 'LITERAL_INVALID', 'Country'],
    ['a path in custom data', 'purchase', { custom_data: { a: { b: '$.properties.b' } } }, 'LITERAL_PATH', '@path'],
    ['a path in a list', 'purchase', { content_ids: ['$.properties.sku'] }, 'LITERAL_PATH', '@path'],
    [
      'a template outside of @template',
      'purchase',
      { content_name: 'Order {{properties.id}}' },
      'LITERAL_TEMPLATE',
      '{ "@template": "Order {{properties.id}}" }',
    ],
    ['no sync mode', 'sync-audience', { sync_mode: 'both' }, 'LITERAL_INVALID', 'mirror, upsert, delete'],
    ['no currency', 'purchase', { currency: 'EURO' }, 'LITERAL_INVALID', 'Currency'],
    ['no action source', 'purchase', { action_source: 'phone' }, 'LITERAL_INVALID', 'phone_call'],
    ['too many days', 'sync-audience', { retention_days: 9999 }, 'LITERAL_INVALID', 'at most 180'],
    ['no delivery category', 'purchase', { delivery_category: 'drone' }, 'LITERAL_INVALID', 'curbside'],
    ['words for a number', 'purchase', { value: 'ten' }, 'LITERAL_INVALID', 'a number'],
    ['an item of no quantity', 'purchase', { contents: [{ id: 'a', quantity: 0 }] }, 'LITERAL_INVALID', 'Quantity'],
    [
      'a member of app data',
      'purchase',
      { app_data: { advertiser_tracking_enabled: 'perhaps', version: { '@path': '$.context.x' } } },
      'LITERAL_INVALID',
      'true or false',
    ],
    [
      'a path for a number in @literal',
      'purchase',
      { value: { '@literal': '$.properties.x' } },
      'LITERAL_INVALID',
      'a number',
    ],
    ['no currency in @literal', 'purchase', { currency: { '@literal': 'EURO' } }, 'LITERAL_INVALID', 'Currency'],
    ['no sync mode in @literal', 'sync-audience', { sync_mode: { '@literal': 'both' } }, 'LITERAL_INVALID', 'mirror'],
    [
      'an item of no quantity in @literal',
      'purchase',
      { contents: { '@literal': [{ id: 'a', quantity: 0 }] } },
      'LITERAL_INVALID',
      'Quantity',
    ],
    [
      'an item with a quantity of words in @literal',
      'purchase',
      { contents: [{ id: { '@path': '$.properties.sku' }, quantity: { '@literal': 'many' } }] },
      'LITERAL_INVALID',
      'Quantity',
    ],
    [
      'a path as text that @first may choose',
      'purchase',
      { value: { '@first': [{ '@path': '$.properties.total' }, '$.properties.revenue'] } },
      'LITERAL_PATH',
      '{ "@path": "$.properties.revenue" }',
    ],
    [
      'no currency that @map may choose',
      'purchase',
      { currency: { '@map': { value: { '@path': '$.properties.shop' }, cases: { de: 'EUR', uk: 'POUND' } } } },
      'LITERAL_INVALID',
      'Currency',
    ],
    [
      'no action source that @if may choose',
      'purchase',
      { action_source: { '@if': { exists: { '@path': '$.properties.till' }, else: 'shop' } } },
      'LITERAL_INVALID',
      'physical_store',
    ],
  ])('that is %s is an error that says what to write', (_, action, mapping, code, fix) => {
    const errors = problemsOf(action, mapping).filter(({ severity }) => severity === 'error');
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(errors[0]?.says).toContain(fix);
  });

  test('is told at its place, also within @literal', () => {
    const mapping = '{\n"value": 1,\n"app_data": {\n"advertiser_tracking_enabled": { "@literal":\n"perhaps" } } }';
    const text = `{"name":"d","settings":{"pixel_id":"1","access_token":{"$env":"T"}},"subscriptions":[
      {"name":"s","action":"purchase","trigger":"type = \\"track\\"","mapping":${mapping}},
      {"name":"t","action":"lead","trigger":"type = \\"track\\"","mapping":{"currency":{"@literal":"EURO"}}}]}`;
    const { problems } = loadText(text);
    expect(problems.map(({ code, line }) => [code, line])).toEqual([
      ['LITERAL_INVALID', 5],
      ['LITERAL_INVALID', 7],
    ]);
  });

  test('that is an id beyond 2^53 is to be put in quotes', () => {
    const text = `{"name":"d","settings":{"pixel_id":"1","access_token":{"$env":"T"}},"subscriptions":[
      {"name":"s","action":"lead","trigger":"type = \\"track\\"","mapping":{"lead_id":12345678901234567890}}]}`;
    expect(loadText(text).problems).toMatchObject([
      { line: 2, code: 'LITERAL_INVALID', fix: expect.stringContaining('quotes') },
    ]);
  });

  test.each([
    ['purchase', { value: '12.5', currency: ' eur', opt_out: 'true', action_source: 'Website', order_id: 7 }],
    ['purchase', { content_name: 'costs $5 {not a template}', em: null, content_category: 'a.b' }],
    ['purchase', { contents: { '@arrayPath': ['$.properties.products', { id: { '@path': '$.sku' }, quantity: 1 }] } }],
    ['purchase', { content_name: { '@literal': '$.properties.name' }, value: { '@path': '$.properties.total' } }],
    ['purchase', { contents: [{ id: { '@path': '$.properties.sku' }, quantity: 2 }], custom_data: { note: 'x' } }],
    ['purchase', { event_id: '', event_time: null, country: 'Deutschland' }],
    ['purchase', { country: ['uk', '', 'a'.repeat(64)], event_id: { '@first': [{ '@path': '$.messageId' }, null] } }],
    ['purchase', { currency: { '@literal': 'EUR' }, custom_data: { '@literal': { a: { '@path': '$.b' } } } }],
    ['purchase', { currency: { '@first': [{ '@path': '$.properties.currency' }, null, { '@literal': 'EUR' }] } }],
    ['purchase', { content_name: { '@if': { exists: { '@path': '$.properties.a' }, else: { '@literal': '{{a}}' } } } }],
    ['sync-audience', { audience_id: '1', sync_mode: 'Upsert', retention_days: '30', create_audience: false }],
  ])('that the connector reads is no problem (%s %#)', (action, mapping) => {
    expect(problemsOf(action, mapping)).toEqual([]);
  });
});

describe('a field that the action calls otherwise', () => {
  test.each([
    ['email', 'em'],
    ['Email', 'em'],
    ['phone', 'ph'],
    ['firstName', 'fn'],
    ['last_name', 'ln'],
    ['dateOfBirth', 'db'],
    ['zip', 'zp'],
    ['externalId', 'external_id'],
    ['revenue', 'value'],
    ['products', 'contents'],
    ['contnet_name', 'content_name'],
  ])('%s: did you mean "%s"?', (name, field) => {
    const [problem] = problemsOf('purchase', { [name]: { '@path': '$.properties.x' } });
    expect(problem).toMatchObject({ code: 'UNKNOWN_FIELD', says: expect.stringContaining(`did you mean "${field}"?`) });
    expect(problem?.says).not.toContain('custom_data');
  });

  test('user_data: its members are fields of their own', () => {
    const [problem] = problemsOf('purchase', { user_data: { email: { '@path': '$.traits.email' }, phone: 1 } });
    expect(problem?.says).toContain('did you mean "em", "ph"?');
    expect(problem?.says).not.toContain('custom_data');
  });

  test('one that means nothing belongs into custom_data', () => {
    expect(problemsOf('purchase', { loyalty: 1 })[0]?.says).toContain('put it into custom_data');
  });
});

describe('in_the_clear', () => {
  test('is named, field by field', () => {
    const found = problemsOf('purchase', {}, { in_the_clear: ['external_id', 'custom_data.user_id'] });
    expect(found.map(({ severity, code }) => [severity, code])).toEqual([
      ['warning', 'SENT_IN_CLEAR'],
      ['warning', 'SENT_IN_CLEAR'],
    ]);
    expect(found.map(({ says }) => says).join()).toMatch(/"external_id".*"custom_data\.user_id"/);
  });

  test('takes no field that Meta takes hashed only, and none that is not there', () => {
    expect(problemsOf('purchase', {}, { in_the_clear: ['em', 'orderid'] }).map(({ code }) => code)).toEqual([
      'HASHED_ONLY',
      'UNKNOWN_FIELD',
    ]);
  });
});

describe('strip_identifiers', () => {
  const problemsWith = (strip_identifiers: unknown) =>
    loadText(
      `{"name":"d","settings":{"pixel_id":"1","access_token":{"$env":"T"},\n"strip_identifiers":${strip_identifiers}},
      "subscriptions":[{"name":"s","action":"purchase"}]}`,
    ).problems.map(({ severity, code, line, message }) => ({ severity, code, line, message }));

  test('is named with what it lets through when it is off', () => {
    const message = expect.stringMatching(/e-mail addresses.*custom_data.*as they are/);
    expect(problemsWith(false)).toEqual([{ severity: 'warning', code: 'STRIPPING_OFF', line: 2, message }]);
    expect(problemsWith(true)).toEqual([]);
  });
});

describe('a folder of destination files', () => {
  const good = JSON.stringify({
    name: 'd',
    settings: { pixel_id: '1', access_token: { $env: 'T' } },
    subscriptions: [{ name: 's', action: 'purchase' }],
  });

  async function problemsIn(files: Readonly<Record<string, string | Buffer>>) {
    const folder = mkdtempSync(join(tmpdir(), 'mappings-'));
    try {
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
      const actions = await loadActions(join(import.meta.dirname, '..', '..', 'actions'));
      const { destinations, problems } = loadDestinations(folder, { actions, environment: { T: 'x' } });
      return { count: destinations.length, codes: problems.map(({ code }) => code), problems };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('with hidden files in it that editors and file systems leave behind', async () => {
    const found = await problemsIn({ 'a.json': good, '._a.json': Buffer.from([0, 5, 22, 7]), '.#a.json': '{' });
    expect(found).toMatchObject({ count: 1, codes: [] });
  });

  test('with a file of UTF-16 has one error', async () => {
    const marked = await problemsIn({ 'a.json': Buffer.from(`\uFEFF${good}`, 'utf16le') });
    expect(marked).toMatchObject({ count: 0, codes: ['NOT_UTF8'] });
    expect((await problemsIn({ 'a.json': Buffer.from(good, 'utf16le') })).codes).toEqual(['NOT_UTF8']);
    expect((await problemsIn({ 'a.json': Buffer.from([0x7b, 0xff, 0x7d]) })).codes).toEqual(['NOT_UTF8']);
    expect(await problemsIn({ 'a.json': `\uFEFF${good}` })).toMatchObject({ count: 1, codes: [] });
  });

  test('with a name twice in an object has an error at the second', async () => {
    const { codes, problems } = await problemsIn({ 'a.json': good.replace('"name":"s"', '"name":"s","name":"t"') });
    expect(codes).toEqual(['JSON_DUPLICATE_KEY']);
    expect(problems[0]?.column).toBe(good.indexOf('"name":"s"') + '"name":"s",'.length + 1);
  });
});

test('a country of phone numbers that is none is an error where it stands: they would be read as numbers of other people', () => {
  const settings = (code: string) =>
    `"settings": {"pixel_id":"1","access_token":{"$env":"T"},"default_country":"${code}"}`;
  const fileWith = (code: string) =>
    `{"name":"d",\n${settings(code)},\n"subscriptions":[{"name":"s","action":"purchase"}]}`;
  expect(loadText(fileWith('EN')).problems).toMatchObject([
    { severity: 'error', code: 'CONFIG_VALUE', line: 2, message: expect.stringContaining('"EN"') },
  ]);
  for (const code of ['DE', 'uk', 'Gb']) expect(loadText(fileWith(code)).problems).toEqual([]);
});
