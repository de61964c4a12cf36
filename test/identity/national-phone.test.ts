import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { describe, expect, it } from 'vitest';
import { certainNumber } from '../../src/identity/national-phone.ts';

/** What the library makes of the digits as a number of the country, if that is valid. */
function library(digits: string, country: 'US' | 'CA' | 'GB' | 'DE' | 'SE' | 'FR' | 'IT' | 'BR' | 'AU' | 'RU' | 'IN') {
  const number = parsePhoneNumberFromString(digits, country);
  return number?.isValid() ? number.number.slice(1) : undefined;
}

describe('a number of a country', () => {
  it.each([
    ['us', '6502531000', '16502531000'],
    ['us', '16502531000', '16502531000'],
    ['gb', '02079460958', '442079460958'],
    ['gb', '442079460958', '442079460958'],
    ['de', '03012345678', '493012345678'],
    ['se', '0701234567', '46701234567'],
    ['it', '0612345678', '390612345678'],
  ])('%s %s is certainly %s', (country, digits, expected) => {
    expect(certainNumber(digits, country)).toBe(expected);
  });

  it.each([
    ['us', '0123456789'],
    ['us', '011442079460958'],
    ['us', '1234'],
    ['de', '00442079460958'],
    ['xx', '6502531000'],
    ['br', '0155011961234567'],
  ])('%s %s is left to the library', (country, digits) => {
    expect(certainNumber(digits, country)).toBeUndefined();
  });

  it('is what the library says, wherever it is certain', () => {
    const countries = ['US', 'CA', 'GB', 'DE', 'SE', 'FR', 'IT', 'BR', 'AU', 'RU', 'IN'] as const;
    const digits = fc.stringMatching(/^(?:0|8|)[1-9][0-9]{6,10}$/);
    let certain = 0;
    fc.assert(
      fc.property(fc.constantFrom(...countries), digits, (country, text) => {
        const quick = certainNumber(text, country.toLowerCase());
        if (quick === undefined) return;
        certain += 1;
        // With the country's own calling code in front the number is taken as it stands.
        expect([library(text, country), library(`+${text}`, country)]).toContain(quick);
      }),
      { numRuns: 2000 },
    );
    expect(certain).toBeGreaterThan(100);
  });
});
