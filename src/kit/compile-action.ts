import type { ValidateFunction } from 'ajv';
import type { Action, ActionDefinition, ParsedFields, Warning } from '../core/action.ts';
import { ConnectorError } from '../core/errors.ts';
import type { FieldDefinition } from '../core/field.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { tooDeep } from './clean.ts';
import { type Coerce, coercerOf } from './coerce.ts';
import { fieldFailure, nestingFailure } from './field-failure.ts';
import { parsedFieldSchema, parsedSchema } from './field-schema.ts';
import { firstError, validatorOf } from './validator.ts';

const nothing: JsonObject = {};

/**
 * An action ready to run: its definitions become one closure per field and one compiled schema, so that per event
 * nothing is looked up but the mapped values. `key` is the name of the action's file.
 *
 * `parse` drops what is absent, reads numbers, dates and ids from text or number, leaves out unusable list items and
 * identifiers with a warning, and checks the rest; a failure is `FIELD_REQUIRED` or `FIELD_INVALID` with the field.
 * A field that is absent is undefined in what it returns.
 */
export function compileAction(key: string, definition: ActionDefinition): Action {
  const fields = definition.fields;
  const readers = new Map<string, FieldReader>();
  for (const [name, field] of Object.entries(fields)) readers.set(name, readerOf(name, field));
  const required = Object.keys(fields).filter((name) => fields[name]?.required);
  const validate = validatorOf(parsedSchema(fields));
  const blank = blankOf(Object.keys(fields));

  const parse = (mapped: unknown): ParsedFields => {
    const warnings: Warning[] = [];
    const read = { ...blank };
    const given = isObject(mapped) ? mapped : nothing;
    let valid = true;
    for (const name of Object.keys(given)) {
      const reader = readers.get(name);
      if (reader === undefined) continue;
      const value = reader.coerce(given[name], warnings);
      if (value === undefined) continue;
      const field = value === tooDeep ? fields[name] : undefined;
      if (field !== undefined) return { fields: read, failure: nestingFailure(name, field), warnings };
      read[name] = value;
      if (reader.validate?.(value) === false) valid = false;
    }
    for (const name of required) if (read[name] === undefined) valid = false;
    if (valid) return { fields: read, warnings };
    // All at once, for the error that the schema as a whole names first.
    validate(read);
    return { fields: read, failure: fieldFailure(fields, firstError(validate)), warnings };
  };

  return {
    key,
    definition,
    parse,
    // What `parse` returned has the type that the definitions describe; the language can't carry that through a name.
    toPayload: (parsed, context) => definition.toPayload(parsed as never, context),
  };
}

interface FieldReader {
  readonly coerce: Coerce;
  /** Absent where every value that `coerce` gives is valid. */
  readonly validate: ValidateFunction | undefined;
}

/**
 * A field is checked by itself, as few of them are there: the schema of all is so large that the engine doesn't
 * optimize the code that ajv makes of it.
 */
function readerOf(name: string, field: FieldDefinition): FieldReader {
  const schema = parsedFieldSchema(field);
  const free = Object.keys(schema).length === 0;
  return { coerce: coercerOf(name, field), validate: free ? undefined : validatorOf(schema) };
}

/**
 * An object with every key, undefined, in the engine's fast form, which copying keeps. Members added one by one under
 * computed keys turn an object into a hash table after a dozen, and parsing an event would take four times as long.
 */
function blankOf(keys: readonly string[]): Record<string, unknown> {
  const blank = JSON.parse(JSON.stringify(Object.fromEntries(keys.map((key) => [key, null])))) as Record<
    string,
    unknown
  >;
  for (const key of keys) blank[key] = undefined;
  return blank;
}

/** The definition, or a `ConnectorError` that names the place (a file) when a module exports something else. */
export function checkDefinition(place: string, value: unknown): ActionDefinition {
  const problem = definitionProblem(value);
  if (problem === undefined) return value as ActionDefinition;
  throw new ConnectorError('ACTION_INVALID', `${place}: ${problem}. Export defineAction({…}) as the default export.`);
}

function definitionProblem(value: unknown): string | undefined {
  if (!isObject(value)) return 'has no default export that is an action definition';
  if (typeof value['title'] !== 'string') return 'the definition has no title';
  if (typeof value['description'] !== 'string') return 'the definition has no description';
  if (typeof value['toPayload'] !== 'function') return 'the definition has no toPayload';
  const fields = value['fields'];
  if (!isObject(fields)) return 'the definition has no fields';
  const wrong = Object.entries(fields).find(([, field]) => !isObject(field) || typeof field['type'] !== 'string');
  return wrong === undefined ? undefined : `field ${wrong[0]} has no type`;
}
