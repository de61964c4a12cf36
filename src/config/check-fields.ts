import type { Action } from '../core/action.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { EventType } from '../core/event.ts';
import type { FieldDefinition, FieldDefinitions } from '../core/field.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { suggest } from '../core/suggest.ts';
import { checkMapping } from '../mapping/compile.ts';
import { lintMapping } from '../mapping/lint.ts';
import { isDirective } from '../mapping/values/directive.ts';
import { checkLiterals } from './check-literals.ts';
import { fieldMeant } from './field-aliases.ts';

type Keys = readonly (string | number)[];

/**
 * Everything to say about a subscription's mapping: problems of the mapping language, fields that the action doesn't
 * have (at any depth that it defines), paths that find nothing in events of the types that reach it.
 */
export function checkFields(
  mapping: JsonObject,
  action: Action | undefined,
  types: readonly EventType[] | undefined,
): readonly Diagnostic[] {
  const diagnostics = [...checkMapping(mapping), ...lintMapping(mapping, types)];
  if (isDirective(mapping)) diagnostics.push(notFields);
  if (action !== undefined) {
    const owner = `the action "${action.key}"`;
    diagnostics.push(...unknownMembers(mapping, action.definition.fields, owner, 'put it into custom_data', []));
    diagnostics.push(...checkLiterals(mapping, action));
  }
  return diagnostics;
}

const notFields: Diagnostic = {
  severity: 'error',
  code: 'MAPPING_NOT_FIELDS',
  path: [],
  message: 'a mapping names fields; a directive belongs inside one of them',
  fix: 'write { "value": { "@path": "$.properties.total" } }',
};

function unknownMembers(
  mapped: JsonObject,
  fields: FieldDefinitions,
  owner: string,
  instead: string,
  at: Keys,
): readonly Diagnostic[] {
  return Object.keys(mapped).flatMap((key) => {
    if (key.startsWith('@')) return [];
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field !== undefined) return unknownInside(mapped[key], field, key, [...at, key]);
    const meant = fieldMeant(key, fields) ?? suggest(key, Object.keys(fields));
    const fix =
      key === 'user_data'
        ? partsOf(mapped[key], fields)
        : meant === undefined
          ? `${instead}, or leave it out`
          : `did you mean "${meant}"?`;
    const message = `${owner} has no field "${key}"`;
    return [{ severity: 'error' as const, code: 'UNKNOWN_FIELD', path: [...at, key], atKey: true, message, fix }];
  });
}

/** What is a member of `user_data` elsewhere is a field of its own here. */
function partsOf(value: unknown, fields: FieldDefinitions): string {
  const members = isObject(value) ? Object.keys(value).filter((key) => !key.startsWith('@')) : [];
  const meant = members.map((key) => fieldMeant(key, fields) ?? (Object.hasOwn(fields, key) ? key : undefined));
  const named = meant.filter((field) => field !== undefined);
  const examples = named.length === 0 ? ['em', 'ph', 'external_id'] : named;
  return `its members are fields of their own: did you mean "${examples.join('", "')}"?`;
}

/** Members of an object that stands in the mapping, of each object of a list, and of the shape of list items. */
function unknownInside(value: unknown, field: FieldDefinition, name: string, at: Keys): readonly Diagnostic[] {
  const { properties, additionalProperties } = field;
  if (properties === undefined || additionalProperties === true) return [];
  return writtenObjects(value, at).flatMap(([object, place]) => {
    const instead = `use one of ${Object.keys(properties).join(', ')}`;
    return unknownMembers(object, properties, `"${name}"`, instead, place);
  });
}

function writtenObjects(value: unknown, at: Keys): readonly (readonly [JsonObject, Keys])[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => writtenObjects(item, [...at, index]));
  if (!isObject(value)) return [];
  if (!isDirective(value)) return [[value, at]];
  const shaped = value['@arrayPath'];
  return Array.isArray(shaped) && isObject(shaped[1]) ? writtenObjects(shaped[1], [...at, '@arrayPath', 1]) : [];
}
