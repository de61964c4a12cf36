import type { Action, ActionDefinition, ParsedFields, Warning } from '../core/action.ts';
import type { FieldDefinition } from '../core/field.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import type { Failure } from '../core/outcome.ts';
import { isRefused } from './clean.ts';
import { coercerOf, isAnyText } from './coerce.ts';
import { fieldFailure, nestingFailure } from './field-failure.ts';
import { parsedFieldSchema, parsedSchema } from './field-schema.ts';
import { generatedFields, type ReadField } from './generated-fields.ts';
import { maxText } from './limits.ts';
import { validatorOf } from './validator.ts';

/**
 * An action ready to run: its definitions become one closure per field and one compiled schema, so that per event
 * nothing is looked up but the mapped values. `key` is the name of the action's file.
 *
 * `parse` drops what is absent, reads numbers, dates and ids from text or number, leaves out unusable list items and
 * identifiers with a warning, and checks the rest; a failure is `FIELD_REQUIRED` or `FIELD_INVALID` with the field.
 * A field that is absent is undefined in what it returns.
 */
export function compileAction(key: string, definition: ActionDefinition): Action {
  const { fields } = definition;
  const names = Object.keys(fields);
  const readers = new Map(Object.entries(fields).map(([name, field]) => [name, readerOf(name, field)]));
  const required = names.filter((name) => fields[name]?.required);
  const validate = validatorOf(parsedSchema(fields));

  function outcome(parsed: JsonObject, { warnings, refused, valid }: Reading): ParsedFields {
    if (refused !== undefined) return { fields: parsed, failure: refused, warnings };
    if (valid && required.every((name) => parsed[name] !== undefined)) return { fields: parsed, warnings };
    // All at once, for the error that the schema as a whole names first.
    return { fields: parsed, failure: fieldFailure(fields, validate(parsed)), warnings };
  }

  const parser: Action['parser'] = (members) => {
    const mapped = members.flatMap(({ name, value }) => {
      const read = readers.get(name);
      return read === undefined ? [] : [{ name, value, read }];
    });
    let fieldsOf: ReturnType<typeof generatedFields<Reading>> | undefined;
    return (source) => {
      const reading = beginning();
      fieldsOf ??= generatedFields(names, mapped);
      return outcome(fieldsOf(source, reading), reading);
    };
  };

  let noFields: ReturnType<typeof generatedFields<Reading>> | undefined;
  const parse = (mapped: unknown): ParsedFields => {
    const reading = beginning();
    noFields ??= generatedFields(names, []);
    const parsed = noFields([], reading);
    for (const [name, value] of Object.entries(isObject(mapped) ? mapped : {})) {
      const read = readers.get(name);
      if (read !== undefined && value !== undefined) parsed[name] = read(value, reading);
    }
    return outcome(parsed, reading);
  };

  return {
    key,
    definition,
    parse,
    parser,
    // What `parse` returned has the type that the definitions describe; the language can't carry that through a name.
    toPayload: (parsed, context) => definition.toPayload(parsed as never, context),
  };
}

/** What comes of reading the fields of an event, besides their values. */
interface Reading {
  readonly warnings: Warning[];
  /** The first value that no field may have; what comes after it isn't read. */
  refused: Failure | undefined;
  valid: boolean;
}

function beginning(): Reading {
  return { warnings: [], refused: undefined, valid: true };
}

/**
 * A field is checked by itself, as few of them are there: the schema of all is so large that the engine doesn't
 * optimize the code that ajv makes of it.
 */
function readerOf(name: string, field: FieldDefinition): ReadField<Reading> {
  const coerce = coercerOf(name, field);
  const schema = parsedFieldSchema(field);
  // Every value that `coerce` gives of most fields is valid.
  const check = Object.keys(schema).length === 0 ? undefined : validatorOf(schema);
  const read: ReadField<Reading> = (value, reading) => {
    if (reading.refused !== undefined) return undefined;
    const taken = coerce(value, reading.warnings);
    if (taken === undefined) return undefined;
    if (isRefused(taken)) {
      reading.refused = nestingFailure(name, field);
      return undefined;
    }
    if (check?.(taken) !== undefined) reading.valid = false;
    return taken;
  };
  return !field.raw && !field.multiple && isAnyText(field) ? textOr(read) : read;
}

/** Most values are texts of fields that take any, unless it is too long. */
function textOr(read: ReadField<Reading>): ReadField<Reading> {
  return (value, reading) => {
    if (typeof value !== 'string' || value.length > maxText) return read(value, reading);
    return value === '' ? undefined : value;
  };
}
