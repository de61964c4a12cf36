import fc from 'fast-check';
import {
  type CountryCode,
  getExampleNumber,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { normalize } from '../../src/identity/identify.ts';
import { certainInternational } from '../../src/identity/national-phone.ts';
import { testRules } from './rule-cases.ts';

testRules('ph');

/** Sixty countries, among them those that keep a zero behind the country's code, and those that share a code. */
const countries = `US CA MX BR AR CL CO PE VE EC GB IE FR DE AT CH NL BE LU ES PT IT SM SE NO DK FI IS PL CZ SK HU RO BG
  GR TR RU KZ UA IL AE SA EG ZA NG KE CG CI GA MA IN PK BD LK JP KR CN TH ID AU`
  .split(/\s+/)
  .map((country) => country as CountryCode);

/** A valid number of the country: that of the library's examples with its last digits changed. */
const numbers = fc
  .tuple(fc.constantFrom(...countries), fc.stringMatching(/^[0-9]{5}$/))
  .map(([country, tail]) => {
    const national = getExampleNumber(country, examples)?.nationalNumber ?? '';
    const number = national.slice(0, -tail.length) + tail;
    return parsePhoneNumberFromString(`+${codeOf(country)}${number}`);
  })
  .filter((number): number is PhoneNumber => number?.isValid() === true);

function codeOf(country: CountryCode): string {
  return getExampleNumber(country, examples)?.countryCallingCode ?? '';
}

/** Ways to write a number with its country's code. */
const international: readonly ((number: PhoneNumber) => string)[] = [
  (number) => number.number,
  (number) => number.formatInternational(),
  (number) => number.formatInternational().replaceAll(' ', '-'),
  (number) => ` ${number.formatInternational()} `,
  (number) => number.formatInternational().replaceAll(' ', '\u00a0'),
  (number) => number.number.replace('+', '00'),
  (number) => number.number.replace('+', '+ '),
  (number) => number.formatInternational().replace(/ (\d+) /, ' ($1) '),
  (number) => `tel:${number.number}`,
  (number) => `${number.formatInternational()} ext. 12`,
];

/** A zero in brackets, which may make a number of a fixed line of a mobile's in Italy. */
const bracketed = (number: PhoneNumber) => `+${number.countryCallingCode} (0)${number.nationalNumber}`;

/** Ways to write it inside the country. */
const national: readonly ((number: PhoneNumber) => string)[] = [
  (number) => number.formatNational(),
  (number) => number.formatNational().replaceAll(/\D/g, ''),
  (number) => number.formatNational().replaceAll(' ', '.'),
  (number) => number.nationalNumber,
];

describe('a number that libphonenumber calls valid', () => {
  it('covers sixty countries', () => {
    expect(new Set(countries).size).toBeGreaterThanOrEqual(60);
  });

  it('is sent as its E.164 digits when it comes with its code', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.constantFrom(...international),
        fc.constantFrom(undefined, 'us', 'de'),
        (number, write, country) => {
          expect(normalize('ph', write(number), { country })).toBe(number.number.slice(1));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('is sent as its E.164 digits when its code comes without a plus, as Meta asks for it, and its country is known', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom('', ' ', '/'), (number, separator) => {
        const { country, countryCallingCode, nationalNumber } = number;
        const text = `${countryCallingCode}${separator}${nationalNumber}`;
        expect(normalize('ph', text, { country })).toBe(number.number.slice(1));
        expect(normalize('ph', text, { defaultCountry: country })).toBe(number.number.slice(1));
      }),
      { numRuns: 1000 },
    );
  });

  it('is a mobile where it could be one without the code, and no mobile with it', () => {
    expect(normalize('ph', '53484126', { country: 'cu' })).toBe('5353484126');
  });

  it('loses a zero in brackets unless the country keeps it', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const kept = parsePhoneNumberFromString(bracketed(number));
        const expected = kept?.isValid() ? kept.number : number.number;
        expect(normalize('ph', bracketed(number))).toBe(expected.slice(1));
      }),
      { numRuns: 1000 },
    );
  });

  it('is sent as its E.164 digits when it is written inside its country', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom(...national), (number, write) => {
        const { country } = number;
        fc.pre(country !== undefined);
        const text = write(number);
        const read = parsePhoneNumberFromString(text, country);
        fc.pre(read?.isValid() === true);
        const expected = read?.number.slice(1);
        expect(normalize('ph', text, { country })).toBe(expected);
        expect(normalize('ph', text, { defaultCountry: country })).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('is told without the library where there is no doubt', () => {
    const anything = fc.stringMatching(/^[1-9][0-9]{6,14}$/);
    let certain = 0;
    fc.assert(
      fc.property(
        fc.oneof(
          numbers.map(({ number }) => number.slice(1)),
          anything,
        ),
        (digits) => {
          const quick = certainInternational(digits);
          if (quick === undefined) return;
          certain += 1;
          expect(quick).toBe(parsePhoneNumberFromString(`+${digits}`)?.number.slice(1));
        },
      ),
      { numRuns: 5000 },
    );
    expect(certain).toBeGreaterThan(1000);
  });
});
