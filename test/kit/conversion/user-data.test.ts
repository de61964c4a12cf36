import { describe, expect, test } from 'vitest';
import { userDataFields } from '../../../src/kit/conversion/fields/user-data.ts';
import type { ActionContext } from '../../../src/core/action.ts';
import { addIdentifiers } from '../../../src/kit/conversion/user-data.ts';
import { type Changes, type Expected, ran, rows } from '../../actions/order-table.ts';
import { noon, sha256 } from '../../actions/run-action.ts';

describe('an identifier', () => {
  const hash = sha256('maja@example.com');
  const other = sha256('m@example.org');
  const em = (...hashes: readonly string[]): Expected => ['user_data.em', hashes.length === 0 ? undefined : hashes];
  const email = (given: unknown): Changes => ({ traits: { email: given } });
  const sent = (key: string, ...values: readonly string[]): Expected => [`user_data.${key}`, values];
  const absent = (key: string): Expected => [`user_data.${key}`, undefined];
  const ip = (given: unknown): Changes => ({ context: { ip: given } });
  const click = (days: number) => `fb.1.${noon - days * 86_400_000}.AbCd`;
  rows([
    ['an e-mail in capitals', email(' MAJA@Example.com '), em(hash)],
    ['several e-mails', email(['maja@example.com', 'm@example.org']), em(hash, other)],
    ['an e-mail twice', email(['maja@example.com', 'MAJA@example.com']), em(hash)],
    ['nulls among e-mails', email([null, '', 'm@example.org', [null]]), em(other)],
    ['an object among e-mails', email([{ a: 1 }, 'm@example.org']), em(other)],
    ['a hash in capitals', email(hash.toUpperCase()), em(hash)],
    ['a hash with an appendix', email(`${hash}.AQQCAQMC`), em(`${hash}.AQQCAQMC`)],
    ['a hash with and without an appendix', email([`${hash}.AQQCAQMC`, hash]), em(`${hash}.AQQCAQMC`)],
    ['no e-mail at all', email('maja at example'), em()],
    ['an e-mail that is true', email(true), em()],
    ['a filler', email('n/a'), em()],
    [
      'the trait of the call before that of the context',
      { ...email('m@example.org'), event: { traits: { email: 'maja@example.com' } } },
      em(hash),
    ],
    ['a null trait before a property', { traits: { email: null }, properties: { email: 'm@example.org' } }, em(other)],
    ['an empty trait before a property', { traits: { email: '' }, properties: { email: 'm@example.org' } }, em(other)],
    ['a phone that is a number', { traits: { phone: 46701234567 } }, sent('ph', sha256('46701234567'))],
    [
      'a phone by the country of the event',
      { traits: { phone: '070-123 45 67', country: 'se' } },
      sent('ph', sha256('46701234567')),
    ],
    [
      'a phone by the country of the destination',
      { traits: { phone: '070-123 45 67' }, settings: { defaultCountry: 'se' } },
      sent('ph', sha256('46701234567')),
    ],
    ['a phone in snake case', { traits: { phone_number: '+46701234567' } }, sent('ph', sha256('46701234567'))],
    ['a phone of zeros', { traits: { phone: '0000000' } }, absent('ph')],
    ['a name with an emoji', { traits: { firstName: 'Maja 😀' } }, sent('fn', sha256('maja'))],
    ['a name of an emoji only', { traits: { first_name: '😀' } }, absent('fn')],
    [
      'a birthday as an object',
      { traits: { birthday: { year: 1991, month: 4, day: 7 } } },
      sent('db', sha256('19910407')),
    ],
    ['an American birthday', { traits: { birthday: '4/7/1991' } }, sent('db', sha256('19910407'))],
    ['a birthday with a time', { traits: { date_of_birth: '1991-04-07T00:00:00Z' } }, sent('db', sha256('19910407'))],
    ['a birthday to come', { traits: { birthday: '2990-01-01' } }, absent('db')],
    ['a flat city', { traits: { city: 'São Paulo' } }, sent('ct', sha256('sopaulo'))],
    ['an address that is text', { traits: { address: 'Storgatan 1', city: 'Lund' } }, sent('ct', sha256('lund'))],
    ['a postal code that is a number', { traits: { address: { postalCode: 41103 } } }, sent('zp', sha256('41103'))],
    [
      'the anonymous id for an empty user id',
      { event: { userId: '', anonymousId: 'Anon-1' } },
      sent('external_id', sha256('anon-1')),
    ],
    ['a user id that is a number', { event: { userId: 42 } }, sent('external_id', sha256('42'))],
    ['IPv4 with a port', ip('203.0.113.9:443'), ['user_data.client_ip_address', '203.0.113.9']],
    ['IPv6 with a port', ip('[2001:db8:85a3::7334]:443'), ['user_data.client_ip_address', '2001:db8:85a3::7334']],
    ['a private address', ip('10.1.2.3'), absent('client_ip_address')],
    ['no address at all', ip('unknown'), absent('client_ip_address')],
    ['an address that is an object', ip({ v4: '203.0.113.9' }), absent('client_ip_address')],
    ['a click id of 89 days', { properties: { fbc: click(89) } }, ['user_data.fbc', click(89)]],
    ['a click id of 91 days', { properties: { fbc: click(91) } }, absent('fbc')],
    [
      'a click id with an appendix',
      { properties: { fbc: `${click(1)}.AQQCAQMC` } },
      ['user_data.fbc', `${click(1)}.AQQCAQMC`],
    ],
    ['a click id of another form', { properties: { fbc: 'IwAR12345' } }, absent('fbc')],
    [
      'a fbclid of the page',
      { context: { page: { url: 'https://a.example/?x=1&fbclid=Q_1-z#top' } } },
      ['user_data.fbc', `fb.1.${noon - 3_600_000}.Q_1-z`],
    ],
    [
      'a fbclid of the search',
      { context: { page: { url: 'https://a.example/', search: '?fbclid=Q2' } } },
      ['user_data.fbc', `fb.1.${noon - 3_600_000}.Q2`],
    ],
    [
      'a parameter that only ends in fbclid',
      { context: { page: { url: 'https://a.example/?xfbclid=Q' } } },
      absent('fbc'),
    ],
    [
      'a fbclid beside a click id',
      { properties: { fbc: click(5) }, context: { page: { url: 'https://a.example/?fbclid=Q' } } },
      ['user_data.fbc', click(5)],
    ],
    [
      'a fbclid beside a click id of 91 days',
      { properties: { fbc: click(91) }, context: { page: { url: 'https://a.example/?fbclid=Q' } } },
      ['user_data.fbc', `fb.1.${noon - 3_600_000}.Q`],
    ],
  ]);

  test('of 91 days is warned of', () => {
    expect(ran({ properties: { fbc: click(91) } }).warnings.map(({ code }) => code)).toEqual(['FBC_TOO_OLD']);
  });

  test('that is unusable is warned of by its field, without its value', () => {
    const { warnings } = ran({ ...email('secret at example'), traits: { email: 'secret at example', phone: true } });
    expect(warnings.map(({ code, field }) => [code, field])).toEqual([
      ['ITEM_LEFT_OUT', 'ph'],
      ['IDENTIFIER_UNUSABLE', 'em'],
    ]);
    expect(JSON.stringify(warnings)).not.toContain('secret');
  });
});

test('every identifying field is sent under its own name, and told of', () => {
  const { lead_id: lead, ...definitions } = userDataFields;
  const special = { client_ip_address: '203.0.113.9', fbc: `fb.1.${noon}.A`, fbp: `fb.1.${noon}.1` };
  const given = Object.fromEntries(
    Object.entries(definitions).map(([key, field]) => [key, 'multiple' in field ? [sha256(key)] : sha256(key)]),
  );
  const fields = { ...given, fb_login_id: '7', ...special };
  const data: Record<string, unknown> = {};
  const context = {
    event: {},
    settings: {},
    inTheClear: new Set(),
    now: noon,
    warn: () => undefined,
  } as unknown as ActionContext;
  const statuses = addIdentifiers(data, fields, { pageUrl: undefined, millis: noon }, context);
  expect(lead).toBeDefined();
  expect(data).toEqual(fields);
  expect(Object.keys({ ...statuses, partner_id: 1, partner_name: 1 }).toSorted()).toEqual(
    Object.keys(fields).toSorted(),
  );
});
