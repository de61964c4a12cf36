/** How a country's numbers were written before it changed them, where libphonenumber knows the new form only. */
interface Renumbering {
  readonly callingCode: string;
  /** What came before the digits that stayed, with the country's code and without: whole numbers only. */
  readonly abroad: RegExp;
  readonly inside: RegExp;
  /** What comes before them now. */
  readonly now: string;
}

/**
 * Changes that left each number to whom it belonged, of numbers that are still in many databases. Where several new
 * numbers could be meant, as in Brazil, none is taken.
 */
const renumberings: readonly Renumbering[] = [
  // Mexico, 2019 and 2020: mobiles had a 1 behind the country's code, and 044 or 045 inside the country. A 1 inside it, with
  // a 0 before it or without, may be the code of the USA.
  { callingCode: '52', abroad: /^(?:1|04[45])(?=\d{10}$)/, inside: /^04[45](?=\d{10}$)/, now: '' },
  // Benin, 30 November 2024: all numbers got 01.
  { callingCode: '229', abroad: /^(?=\d{8}$)/, inside: /^(?=\d{8}$)/, now: '01' },
];

/** The digits of a former number as they are now, which nobody has checked; undefined for digits of no former number. */
export function renumbered(digits: string): string | undefined {
  for (const { callingCode, abroad, now } of renumberings) {
    const rest = digits.slice(callingCode.length);
    if (digits.startsWith(callingCode) && abroad.test(rest)) return callingCode + rest.replace(abroad, now);
  }
  return undefined;
}

/** The same of digits as they were dialled in the country of that calling code. */
export function renumberedInside(digits: string, code: string | undefined): string | undefined {
  const change = renumberings.find(({ callingCode, inside }) => callingCode === code && inside.test(digits));
  return change && change.callingCode + digits.replace(change.inside, change.now);
}
