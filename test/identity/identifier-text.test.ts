import { describe, expect, test } from 'vitest';
import { holdsIdentifier, isIdentifier, withoutIdentifiersInText } from '../../src/identity/identifier-text.ts';

const addresses = 'RFC 5321: an address has a local part, an @ and a domain';
const encoded = 'RFC 3986: percent-encoding';
const e164 = 'E.164: a plus, a country code, at most 15 digits; written with blanks, dots, dashes and brackets';
const typographic = 'Unicode: blanks, dashes and marks that editors and address books put into numbers';
const scripts = 'Unicode: decimal digits of other scripts';
const dialled = 'ITU-T E.123: 00 is dialled before the code of a country in most of them';
const cards = 'ISO/IEC 7812: issuer, length and check digit of the number of a card';

test.each([
  ['ann@example.com', addresses],
  ['Ann Example <ann.example+shop@mail.example.co.uk>', addresses],
  ['please write to ann@example.com, thanks', addresses],
  ['ann@exämple.de', 'RFC 6531: internationalized addresses'],
  ['änn@例え.jp', 'RFC 6531: internationalized addresses'],
  ['mailto:ann@example.com?subject=x', addresses],
  ['"ann"@example.com', addresses],
  ["o'neil@example.com", addresses],
  ['ann%40example.com', encoded],
  ['ann%2540example.com', encoded],
  ['100% ann%40example.com %zz', encoded],
  ['{"email":"ann@example.com"}', addresses],
  ['{"x":"ann\\u0040example.com"}', 'RFC 8259: escapes'],
  ['ann＠example.com', 'Unicode: full-width forms'],
  ['+16502530000', e164],
  ['+1 (650) 253-0000', e164],
  ['+49 151 12345678', e164],
  ['+44 (0)20 7946 0958', e164],
  ['call +33.6.12.34.56.78 now', e164],
  ['tel:+4915112345678', e164],
  ['%2B4915112345678', encoded],
  ['+49 151 12345678 2026-11-29', e164],
  ['+33 6\u202f12\u202f34\u202f56\u202f78', typographic],
  ['+49\u2009151\u200912345678', typographic],
  ['+49\u2013151\u201312345678', typographic],
  ['+49 151\u00ad12345678', typographic],
  ['\u202a+\u2060\u200e49 151 12345678\u202c', typographic],
  ['4111\u00a01111\u00a01111\u00a01111', typographic],
  ['+٤٩١٥١١٢٣٤٥٦٧٨', scripts],
  ['۰۰۴۹ ۱۵۱ ۱۲۳۴۵۶۷۸', scripts],
  ['+९१ ९८१०१ २३४५६', scripts],
  ['0049 151 12345678', dialled],
  ['00390669883145', dialled],
  ['0049 151 12345678 20', `${dialled}, with another number behind it`],
  ['0049 151 12345678 - 12.11.2026', `${dialled}, with a day behind it`],
  ['4111 1111 1111 1111', cards],
  ['4111-1111-1111-1111', cards],
  ['378282246310005', cards],
  ['card 5555555555554444 was used', cards],
  ['4111 1111 1111 1111 12/29', `${cards}, with the month in which it ends`],
  ['4111111111111111 123', `${cards}, with its security code`],
  ['3782 822463 10005 1229', cards],
  ['order 7 4111 1111 1111 1111', `${cards}, behind another number`],
  ['12-4111111111111111', cards],
])('%j holds an identifier (%s)', (text) => {
  expect(holdsIdentifier(text)).toBe(true);
  expect(withoutIdentifiersInText(text)).not.toMatch(/ann|0000|12345678|0958|56|145|1111|0005|4444|neil/);
});

test.each([
  ['', 'nothing'],
  ['@shop', 'the name of an account'],
  ['ann@home', 'no domain with a top level'],
  ['react@18.2.0', 'a package and its version'],
  ['2 @ 5.99', 'a price each'],
  ['C++ 2011 to 2026', 'no digits behind the plus'],
  ['+20 %', 'too few digits'],
  ['2026-11-29T10:00:00+0200', 'the offset of a time'],
  ['order-2025-000917', 'the number of an order'],
  ['0012345678', 'a number that is filled up with zeros, of no country'],
  ['1234567890123456', 'sixteen digits that are no card'],
  ['4111 1111 1111 1112', 'a wrong check digit'],
  ['4006381331852', 'GS1: the number of goods from Germany, whose last digit could be that of a card'],
  ['403-3670010-2000000', 'the number of an order, in groups that no card has'],
  ['1764410000000', 'Unix milliseconds'],
  ['0e4b6f8c-2d51-4c7e-9a61-0f3f0f6f2b11', 'a UUID'],
  ['9780306406157', 'an ISBN'],
  ['+12345678901234567890', 'more digits than a number has'],
  ['50% off', 'a percent sign'],
  ['١٢٣٤٥٦٧٨٩٠', 'a number in Arabic digits'],
  ['12\u202f345\u202f678\u202f€ – 00\u202f12', 'sums of money'],
])('%j holds none: %s', (text) => expect(holdsIdentifier(text)).toBe(false));

describe('an id', () => {
  test('is an identifier by its signs only, since many ids have many digits', () => {
    expect(isIdentifier('ann@example.com')).toBe(true);
    expect(isIdentifier('+4915112345678')).toBe(true);
    expect(isIdentifier('ann＠example.com')).toBe(true);
    expect(isIdentifier('4111111111111111')).toBe(false);
    expect(isIdentifier('fb.1.1764410000000.IwAR0')).toBe(false);
  });
});

test.each([
  '@'.repeat(16_384),
  'a@'.repeat(8_192),
  '+1 '.repeat(5_000),
  '00'.repeat(8_000),
  '%25'.repeat(5_000),
  '4111 '.repeat(3_200),
])('a text of sixteen thousand signs is read once through, and not for each of them (%#)', (text) => {
  // Each takes less than a millisecond; what grew with the square of the length would take minutes for all of them.
  for (let time = 0; time < 20; time += 1) holdsIdentifier(text);
  expect(withoutIdentifiersInText(text).length).toBeLessThanOrEqual(text.length);
});
