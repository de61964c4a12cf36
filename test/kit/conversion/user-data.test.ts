import fc from 'fast-check';
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
    ['a full name', { traits: { name: 'Maja Lind' } }, sent('fn', sha256('maja'))],
    ['the rest of a full name', { traits: { name: 'Maja Lind' } }, sent('ln', sha256('lind'))],
    ['a full name in snake case', { traits: { full_name: 'Maja Lind' } }, sent('ln', sha256('lind'))],
    ['a full name beside a first one', { traits: { name: 'M L', firstName: 'Maja' } }, absent('ln')],
    ['a full name of a product', { properties: { name: 'Red Shoe' } }, absent('ln')],
    ['a full name that is none', { traits: { name: 'maja@example.com' } }, absent('fn')],
    ['a name in small letters', { traits: { firstname: 'Maja', lastname: 'Lind' } }, sent('ln', sha256('lind'))],
    ['a birthday by its letters', { traits: { dob: '1991-04-07' } }, sent('db', sha256('19910407'))],
    ['a birthday of two readings', { traits: { dob: '7.4.1991' } }, sent('db', sha256('19910704'))],
    [
      'a birthday of a destination that puts the day first',
      { traits: { dob: '7.4.1991' }, settings: { dateOrder: 'dmy' } },
      sent('db', sha256('19910407')),
    ],
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
      ['user_data.fbc', `fb.1.${noon - 3_600_000}.Q`],
    ],
    [
      'a fbclid of the click id',
      { properties: { fbc: click(5) }, context: { page: { url: 'https://a.example/?fbclid=AbCd' } } },
      ['user_data.fbc', click(5)],
    ],
    [
      'a fbclid of the referrer',
      { context: { page: { url: 'https://a.example/', referrer: 'https://a.example/?fbclid=R' } } },
      ['user_data.fbc', `fb.1.${noon - 3_600_000}.R`],
    ],
    ['a fbclid by itself', { properties: { fbclid: 'Raw' } }, ['user_data.fbc', `fb.1.${noon - 3_600_000}.Raw`]],
    ['a click id by its cookie', { properties: { _fbc: click(2) } }, ['user_data.fbc', click(2)]],
    ['a click id of a client', { context: { clientIds: { fbc: click(2) } } }, ['user_data.fbc', click(2)]],
    ['a browser id by its cookie', { context: { _fbp: click(2) } }, ['user_data.fbp', click(2)]],
    ['a browser id of a client', { context: { clientIds: { fbp: click(2) } } }, ['user_data.fbp', click(2)]],
    ['a click id that is an object', { properties: { fbc: { a: 1 }, fbclid: [7, 8] } }, absent('fbc')],
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

test('a list of 100,000 addresses and a name of ten million letters are left out with one warning each', () => {
  const email = Array.from({ length: 100_000 }, (_, index) => `a${index}@shop.example`);
  const { body, warnings } = ran({ traits: { email, firstName: 'a'.repeat(10_000_000) } });
  expect(warnings.map(({ code, field }) => [code, field])).toEqual([
    ['IDENTIFIER_LEFT_OUT', 'em'],
    ['ITEM_LEFT_OUT', 'fn'],
  ]);
  expect(body?.['user_data']).not.toHaveProperty('em');
  expect(body?.['user_data']).not.toHaveProperty('fn');
});

test('an identifier of any type never refuses an event, and never fails', () => {
  const identifiers = Object.entries(userDataFields).flatMap(([key, field]) => ('identifier' in field ? [key] : []));
  expect(identifiers.length).toBeGreaterThan(25);
  const value = fc.oneof(
    fc.anything(),
    fc.array(fc.anything()),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('+0', '+', '(0)', 'fb.1..', '0000-00-00', '(US)', '-', { year: [], month: {}, day: null }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...identifiers), value, (key, literal) => {
      const { failure, body } = ran({ mapping: { [key]: { '@literal': literal } } });
      expect(failure).toBeUndefined();
      expect(body).toHaveProperty('user_data');
    }),
    { numRuns: 1000 },
  );
});

test('every identifying field is sent under its own name, and told of', () => {
  const { lead_id: lead, fbclid, name, ...definitions } = userDataFields;
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
  const statuses = addIdentifiers(data, fields, { pageUrl: undefined, referrer: undefined, millis: noon }, context);
  expect(lead).toBeDefined();
  expect(fbclid).toBeDefined();
  expect(name).toBeDefined();
  expect(data).toEqual(fields);
  expect(Object.keys({ ...statuses, partner_id: 1, partner_name: 1 }).toSorted()).toEqual(
    Object.keys(fields).toSorted(),
  );
});
