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
}

/** The form of the metadata that is understood here. */
const knownVersion = 4;

const plans = new Map<string, NumberingPlan | undefined>();

/**
 * The international digits of a number of the country (alpha-2, lower case) where there is no doubt: the digits are
 * those of a valid number of the country, with or without its calling code or the prefix of calls inside it. Undefined
 * for all others, which the library has to look at.
 */
export function certainNumber(digits: string, country: string): string | undefined {
  const plan = planOf(country);
  if (plan === undefined || plan.international.test(digits)) return undefined;
  const { callingCode, prefix } = plan;
  if (digits.startsWith(callingCode)) {
    const rest = digits.slice(callingCode.length);
    return prefix?.test(rest) !== true && isValid(rest, plan) ? digits : undefined;
  }
  const before = prefix?.exec(digits);
  if (before === null || before === undefined) return isValid(digits, plan) ? callingCode + digits : undefined;
  // The digits are a number as they stand, or the prefix carries something to be kept.
  if (plan.any.test(digits) || before.slice(1).some((group) => group !== undefined)) return undefined;
  const rest = digits.slice(before[0].length);
  return isValid(rest, plan) ? callingCode + rest : undefined;
}

function isValid(digits: string, { any, types }: NumberingPlan): boolean {
  if (!any.test(digits)) return false;
  for (const { pattern, lengths } of types) {
    if (lengths.includes(digits.length) && pattern.test(digits)) return true;
  }
  return false;
}

function planOf(country: string): NumberingPlan | undefined {
  if (!plans.has(country)) plans.set(country, read(country));
  return plans.get(country);
}

function read(country: string): NumberingPlan | undefined {
  const metadata = createRequire(import.meta.url)('libphonenumber-js/max/metadata') as Metadata;
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
