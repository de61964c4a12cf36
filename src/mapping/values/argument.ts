import { isObject, type JsonObject, own } from '../../core/json.ts';
import { suggest } from '../../core/suggest.ts';
import { isDirective, type Place } from './directive.ts';

/** The word for a value's type, with its article: `a number`, `null`, `an array`. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/**
 * The argument of a directive that takes named members; undefined when it is no object. Unknown and missing members
 * are reported; the caller goes on with the others.
 */
export function readMembers(
  argument: unknown,
  place: Place,
  known: { readonly required: readonly string[]; readonly optional: readonly string[] },
): JsonObject | undefined {
  const names = [...known.required, ...known.optional];
  if (!isObject(argument)) {
    place.error('WRONG_ARGUMENT', `expected an object with ${names.join(', ')}; found ${typeName(argument)}`);
    return undefined;
  }
  for (const name of Object.keys(argument)) {
    if (names.includes(name)) continue;
    const meant = suggest(name, names);
    place.error('UNKNOWN_ARGUMENT', `unknown argument "${name}"; known: ${names.join(', ')}`, {
      keys: [name],
      atKey: true,
      ...(meant === undefined ? {} : { fix: `did you mean "${meant}"?` }),
    });
  }
  for (const name of known.required) {
    if (own(argument, name) === undefined) place.error('MISSING_ARGUMENT', `the argument "${name}" is missing`);
  }
  return argument;
}

/** A member that is text between `shortest` and `longest` characters; undefined when absent or (reported) wrong. */
export function readText(
  members: JsonObject,
  name: string,
  place: Place,
  shortest = 0,
  longest = Number.POSITIVE_INFINITY,
): string | undefined {
  const value = own(members, name);
  if (value === undefined) return undefined;
  if (typeof value !== 'string') {
    wrong(place, name, `"${name}" must be text; found ${typeName(value)}`);
  } else if (value.length < shortest) {
    wrong(place, name, `"${name}" must not be empty`);
  } else if (value.length > longest) {
    wrong(place, name, `"${name}" may have ${longest} characters at most; it has ${value.length}`);
  } else {
    return value;
  }
  return undefined;
}

/** A member that is true or false; undefined when absent or (reported) wrong. */
export function readFlag(members: JsonObject, name: string, place: Place): boolean | undefined {
  const value = own(members, name);
  if (value === undefined || typeof value === 'boolean') return value;
  wrong(place, name, `"${name}" must be true or false; found ${typeName(value)}`);
  return undefined;
}

/** A member that is one of a few words in any case; undefined when absent or (reported) wrong. */
export function readChoice<const T extends string>(
  members: JsonObject,
  name: string,
  place: Place,
  choices: readonly T[],
): T | undefined {
  const value = own(members, name);
  if (value === undefined) return undefined;
  const choice = typeof value === 'string' ? choices.find((each) => each === value.toLowerCase()) : undefined;
  if (choice === undefined) wrong(place, name, `"${name}" must be ${choices.map((each) => `"${each}"`).join(' or ')}`);
  return choice;
}

/** Reports a member that is a constant null, false, 0 or "": a directive that works on it can have no use. */
export function refuseEmpty(members: JsonObject, name: string, place: Place): void {
  const value = own(members, name);
  if (value !== undefined && !value) wrong(place, name, `"${name}" must be a directive or a value that isn't empty`);
}

/** False, and reported, for what is neither text nor a directive. */
export function requireTextOrDirective(value: unknown, place: Place, ...keys: readonly (string | number)[]): boolean {
  if (typeof value === 'string' || isDirective(value)) return true;
  place.error('WRONG_ARGUMENT', `expected text or a directive; found ${typeName(value)}`, { keys });
  return false;
}

function wrong(place: Place, name: string, message: string): void {
  place.error('WRONG_ARGUMENT', message, { keys: [name] });
}
