import { createRequire } from 'node:module';

/**
 * libphonenumber's rules of one country, compiled once. The library compiles its regular expressions for every number,
 * which costs more than all other identifiers of an event together.
 */
interface NumberingPlan {
  readonly callingCode: string;
  /** What is dialled before a number of another country. */
  readonly international: RegExp;
  /** What may be dialled before a number of the country, such as 0. */
  readonly prefix: RegExp | undefined;
  readonly any: RegExp;
  /** Fixed lines, mobiles and so on; a valid number is of one of them. */
  readonly types: readonly NumberType[];
}

interface NumberType {
  readonly pattern: RegExp;
  readonly lengths: readonly number[];
}

/** A country in the library's metadata: an array whose places mean what `read` takes from them. */
type PackedPlan = readonly unknown[];

interface Metadata {
  readonly version: number;
  readonly countries: Readonly<Record<string, PackedPlan>>;
  /** The countries of a calling code, the one whose rules it is read by first. */
  readonly country_calling_codes: Readonly<Record<string, readonly string[]>>;
}

/** The form of the metadata that is understood here. */
const knownVersion = 4;

const plansByCountry = new Map<string, NumberingPlan | undefined>();
const plansByCode = new Map<string, readonly NumberingPlan[]>();
let metadata: Metadata | undefined;

/**
 * The international digits of a number of the country (alpha-2, lower case) where there is no doubt: the digits are
 * those of a valid number of the country, with or without its calling code or the prefix of calls inside it. Undefined
 * for all others, which the library has to look at.
 *
 * @param codeFirst a number that can be read with the calling code and without is read with it.
 */
export function certainNumber(digits: string, country: string, codeFirst = false): string | undefined {
  const plan = planOf(country);
  if (plan === undefined || plan.international.test(digits)) return undefined;
  const { callingCode, prefix } = plan;
  if (digits.startsWith(callingCode)) {
    if (!codeFirst && plan.any.test(digits)) return undefined;
    const rest = digits.slice(callingCode.length);
    return prefix?.test(rest) !== true && isValid(rest, plan) ? digits : undefined;
  }
  const rest = withoutPrefix(digits, plan);
  return rest !== undefined && isValid(rest, plan) ? callingCode + rest : undefined;
}

/** The same of digits that start with a calling code: numbers of several countries may. */
export function certainInternational(digits: string): string | undefined {
  for (let length = 1; length <= 3; length += 1) {
    const callingCode = digits.slice(0, length);
    const plans = plansOf(callingCode);
    const [main] = plans;
    if (main === undefined) continue;
    const given = digits.slice(length);
    const rest = withoutPrefix(given, main);
    if (rest === undefined) return undefined;
    for (const plan of plans) if (isValid(rest, plan)) return rest === given ? digits : callingCode + rest;
    return undefined;
  }
  return undefined;
}

/** The digits without the prefix of calls inside the country; undefined where it isn't plain what that is. */
function withoutPrefix(digits: string, { prefix, any }: NumberingPlan): string | undefined {
  if (prefix?.test(digits) !== true) return digits;
  const before = prefix.exec(digits) ?? [''];
  // The digits are a number as they stand, or the prefix carries something to be kept.
  if (any.test(digits) || before.slice(1).some((group) => group !== undefined)) return undefined;
  return digits.slice(before[0].length);
}

function isValid(digits: string, { any, types }: NumberingPlan): boolean {
  if (!any.test(digits)) return false;
  for (const { pattern, lengths } of types) {
    if (lengths.includes(digits.length) && pattern.test(digits)) return true;
  }
  return false;
}

function plansOf(callingCode: string): readonly NumberingPlan[] {
  const known = plansByCode.get(callingCode);
  if (known !== undefined) return known;
  const countries = load().country_calling_codes[callingCode] ?? [];
  const plans = countries.flatMap((country) => planOf(country.toLowerCase()) ?? []);
  plansByCode.set(callingCode, plans);
  return plans;
}

function planOf(country: string): NumberingPlan | undefined {
  if (!plansByCountry.has(country)) plansByCountry.set(country, read(country));
  return plansByCountry.get(country);
}

function load(): Metadata {
  metadata ??= createRequire(import.meta.url)('libphonenumber-js/max/metadata') as Metadata;
  return metadata;
}

function read(country: string): NumberingPlan | undefined {
  const metadata = load();
  const packed = metadata.version === knownVersion ? metadata.countries[country.toUpperCase()] : undefined;
  if (packed === undefined) return undefined;
  const [callingCode, international, any, lengths, , ownPrefix, , parsedPrefix] = packed as readonly string[];
  const prefix = parsedPrefix || ownPrefix;
  const types = (packed[11] || []) as readonly (readonly [string, (readonly number[])?] | 0)[];
  return {
    callingCode: callingCode ?? '',
    international: new RegExp(`^(?:${international})`),
    prefix: prefix ? new RegExp(`^(?:${prefix})`) : undefined,
    any: whole(any ?? ''),
    types: types.flatMap((type) => {
      const [pattern, ownLengths] = type || [''];
      if (pattern === '') return [];
      return [{ pattern: whole(pattern), lengths: ownLengths ?? (lengths as unknown as readonly number[]) }];
    }),
  };
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
