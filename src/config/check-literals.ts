import type { Action } from '../core/action.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { FieldDefinition } from '../core/field.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import { isDirective } from '../mapping/values/directive.ts';

type Keys = readonly (string | number)[];

/**
 * What is wrong with the values that a mapping writes down, before an event finds out: a path or a template as plain
 * text, and what the action would leave out or refuse.
 */
export function checkLiterals(mapping: JsonObject, action: Action): readonly Diagnostic[] {
  return Object.entries(mapping).flatMap(([name, mapped]) => {
    const field = Object.hasOwn(action.definition.fields, name) ? action.definition.fields[name] : undefined;
    if (field === undefined) return [];
    return writtenValues(mapped, [name]).flatMap(({ value, at, meant }) => {
      if (value === null) return [];
      const texts = meant ? [] : literalTexts(value, at).flatMap(([text, place]) => unresolved(text, place));
      if (texts.length > 0) return texts;
      return sameForAll({ name, field, at }, value) ?? unusable({ name, field, at }, value, action);
    });
  });
}

/** A value that a field may get from the mapping itself. */
interface WrittenValue {
  readonly value: unknown;
  readonly at: Keys;
  /** It stands in `@literal`: what looks like a path or a template is the text that is meant. */
  readonly meant: boolean;
}

/** The values that stand for a field: the field's own, or those among which a directive chooses. */
function writtenValues(value: unknown, at: Keys): readonly WrittenValue[] {
  if (!isDirective(value)) return [{ value, at, meant: false }];
  const literal = own(value, '@literal');
  if (literal !== undefined) return [{ value: literal, at: [...at, '@literal'], meant: true }];
  return choicesOf(value, at).flatMap(([choice, place]) => writtenValues(choice, place));
}

/** What `@first`, `@if` and `@map` choose among. */
function choicesOf(directive: JsonObject, at: Keys): readonly (readonly [unknown, Keys])[] {
  const first = own(directive, '@first');
  if (Array.isArray(first)) return first.map((choice: unknown, index) => [choice, [...at, '@first', index]]);
  return [
    ...membersAt(directive, ['@if', 'then'], at),
    ...membersAt(directive, ['@if', 'else'], at),
    ...Object.keys(objectAt(directive, '@map', 'cases')).flatMap((key) =>
      membersAt(directive, ['@map', 'cases', key], at),
    ),
    ...membersAt(directive, ['@map', 'default'], at),
  ];
}

function objectAt(value: unknown, ...keys: readonly string[]): JsonObject {
  const found = keys.reduce<unknown>(own, value);
  return isObject(found) ? found : {};
}

function membersAt(value: unknown, keys: readonly string[], at: Keys): readonly (readonly [unknown, Keys])[] {
  const found = keys.reduce<unknown>(own, value);
  return found === undefined ? [] : [[found, [...at, ...keys]]];
}

/** Every text of a value that is no directive nor an argument of one, unless a directive may choose it. */
function literalTexts(value: unknown, at: Keys): readonly (readonly [string, Keys])[] {
  if (typeof value === 'string') return [[value, at]];
  if (Array.isArray(value)) return value.flatMap((item, index) => literalTexts(item, [...at, index]));
  if (!isObject(value)) return [];
  if (isDirective(value)) return choicesOf(value, at).flatMap(([choice, place]) => literalTexts(choice, place));
  return Object.entries(value).flatMap(([key, member]) => literalTexts(member, [...at, key]));
}

const path = /^(?:\$\.|(?:properties|traits|context)\.)[\w.[\]'"-]+$/;
/** Members of an event that nobody means as texts; its other members have names that are words. */
const member = /^(?:messageId|userId|anonymousId|timestamp|originalTimestamp|sentAt|receivedAt)$/;

function unresolved(text: string, at: Keys): readonly Diagnostic[] {
  if (path.test(text) || member.test(text)) {
    const message = 'a path as plain text is that text, and not what is at the path';
    const fix = `write { "@path": ${JSON.stringify(text.startsWith('$') ? text : `$.${text}`)} }`;
    return [
      {
        severity: 'error',
        code: 'LITERAL_PATH',
        path: at,
        message,
        fix: `${fix}; or { "@literal": … } if the text is meant`,
      },
    ];
  }
  const open = text.indexOf('{{');
  if (open < 0 || text.indexOf('}}', open) < 0) return [];
  const message = 'a template outside of @template is plain text';
  const fix = `write { "@template": ${JSON.stringify(text)} }`;
  return [{ severity: 'error', code: 'LITERAL_TEMPLATE', path: at, message, fix }];
}

/** Where a value stands, and for what. */
interface ForField {
  readonly name: string;
  readonly field: FieldDefinition;
  readonly at: Keys;
}

/** Undefined: all events may have the value. */
function sameForAll({ name, field, at }: ForField, value: unknown): readonly Diagnostic[] | undefined {
  const { ifFixed, label } = field;
  if (ifFixed === undefined || holdsDirective(value) || String(value).trim() === '') return undefined;
  const message = `${label} (${name}) would be the same for all events: ${ifFixed}`;
  const fix = `write { "@path": … } with what is another for each event, or leave "${name}" out`;
  return [{ severity: 'error', code: 'LITERAL_FIXED', path: at, message, fix }];
}

/** What the action says of the value; of one that holds directives, only of the rest of it. */
function unusable(target: ForField, value: unknown, action: Action): readonly Diagnostic[] {
  const { name, field, at } = target;
  const refused = notTaken(target, value);
  if (field.raw === true || refused.length > 0) return refused;
  const written = withoutDirectives(value);
  if (written === undefined) return [];
  const whole = !holdsDirective(value);
  const { failure, warnings } = action.parse({ [name]: written });
  const said = [...(failure === undefined ? [] : [failure]), ...warnings].filter(
    ({ code, field: place = '' }) =>
      (place === name || place.startsWith(`${name}.`)) && (whole || code === 'FIELD_UNUSABLE'),
  );
  return said.map(({ field: place = name, message }) =>
    invalid([...at, ...place.split('.').slice(1)], message, field, value),
  );
}

/** What a field that names its own texts doesn't know; a list of such texts must hold one. */
function notTaken({ name, field, at }: ForField, value: unknown): readonly Diagnostic[] {
  const { takes, label } = field;
  if (takes === undefined) return [];
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0) return [invalid(at, `${label} (${name}) is an empty list`, field, value)];
  return items.flatMap((written: unknown, index) => {
    const item = isDirective(written) ? own(written, '@literal') : written;
    const plain = typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean';
    if (!plain || takes(String(item))) return [];
    const place = Array.isArray(value) ? [...at, index] : at;
    return [invalid(place, `${label} (${name}) is none that is known: ${JSON.stringify(item)}`, field, item)];
  });
}

/** The value as far as it is known before there is an event. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (isDirective(value)) return own(value, '@literal');
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const written = withoutDirectives(member);
      return written === undefined ? [] : [[key, written]];
    }),
  );
}

/** True where something of the value is known only with an event. */
function holdsDirective(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsDirective);
  if (!isObject(value)) return false;
  if (isDirective(value)) return own(value, '@literal') === undefined;
  return Object.values(value).some(holdsDirective);
}

function invalid(at: Keys, message: string, field: FieldDefinition, value: unknown): Diagnostic {
  const tooLong = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  const fix =
    field.type === 'string' && tooLong
      ? 'write the number in quotes: as a JSON number it has lost digits already'
      : 'correct it: events would go without it, or be refused';
  return { severity: 'error', code: 'LITERAL_INVALID', path: at, message: message.replace(/\.$/, ''), fix };
}
