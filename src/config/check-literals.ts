import type { Action } from '../core/action.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { FieldDefinition } from '../core/field.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { isDirective } from '../mapping/values/directive.ts';

type Keys = readonly (string | number)[];

/**
 * What is wrong with the values that a mapping writes down, before an event finds out: a path or a template as plain
 * text, and what the action would leave out or refuse.
 */
export function checkLiterals(mapping: JsonObject, action: Action): readonly Diagnostic[] {
  return Object.entries(mapping).flatMap(([name, value]) => {
    const field = Object.hasOwn(action.definition.fields, name) ? action.definition.fields[name] : undefined;
    if (field === undefined || value === null) return [];
    const texts = literalTexts(value, [name]).flatMap(([text, at]) => unresolved(text, at));
    return texts.length > 0 ? texts : unusable(name, field, value, action);
  });
}

/** Every text of a mapping that is no directive nor an argument of one. */
function literalTexts(value: unknown, at: Keys): readonly (readonly [string, Keys])[] {
  if (typeof value === 'string') return [[value, at]];
  if (Array.isArray(value)) return value.flatMap((item, index) => literalTexts(item, [...at, index]));
  if (!isObject(value) || isDirective(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => literalTexts(member, [...at, key]));
}

const path = /^(?:\$\.|(?:properties|traits|context)\.)[\w.[\]'"-]+$/;

function unresolved(text: string, at: Keys): readonly Diagnostic[] {
  if (path.test(text)) {
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

/** What the action says of the value; of one that holds directives, only of the rest of it. */
function unusable(name: string, field: FieldDefinition, value: unknown, action: Action): readonly Diagnostic[] {
  if (isDirective(value)) return [];
  const refused = notTaken(name, field, value);
  if (field.raw === true || refused.length > 0) return refused;
  const written = withoutDirectives(value);
  if (written === undefined) return [];
  const whole = JSON.stringify(written) === JSON.stringify(value);
  const { failure, warnings } = action.parse({ [name]: written });
  const said = [...(failure === undefined ? [] : [failure]), ...warnings].filter(
    ({ code, field: place = '' }) =>
      (place === name || place.startsWith(`${name}.`)) && (whole || code === 'FIELD_UNUSABLE'),
  );
  const found = said.map(({ field: place = name, message }) => invalid(place.split('.'), message, field, value));
  return found;
}

/** What a field that names its own texts doesn't know; a list of such texts must hold one. */
function notTaken(name: string, field: FieldDefinition, value: unknown): readonly Diagnostic[] {
  const { takes, label } = field;
  if (takes === undefined) return [];
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0) return [invalid([name], `${label} (${name}) is an empty list`, field, value)];
  return items.flatMap((item: unknown, at) => {
    const plain = typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean';
    if (!plain || takes(String(item))) return [];
    const place = Array.isArray(value) ? [name, at] : [name];
    return [invalid(place, `${label} (${name}) is none that is known: ${JSON.stringify(item)}`, field, item)];
  });
}

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (isDirective(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const written = withoutDirectives(member);
      return written === undefined ? [] : [[key, written]];
    }),
  );
}

function invalid(at: Keys, message: string, field: FieldDefinition, value: unknown): Diagnostic {
  const tooLong = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  const fix =
    field.type === 'string' && tooLong
      ? 'write the number in quotes: as a JSON number it has lost digits already'
      : 'correct it: every event would go without it, or be refused';
  return { severity: 'error', code: 'LITERAL_INVALID', path: at, message: message.replace(/\.$/, ''), fix };
}
