import type { Action, ActionDefinition, ParsedFields, Warning } from '../core/action.ts';
import type { FieldDefinition } from '../core/field.ts';
import { generatedObject } from '../core/generated-object.ts';
import { isObject } from '../core/json.ts';
import { type SchemaCheck, schemaCheck } from '../core/schema-check.ts';
import { isRefused } from './clean.ts';
import { type Coerce, coercerOf, isAnyText } from './coerce.ts';
import { fieldFailure, nestingFailure } from './field-failure.ts';
import { parsedFieldSchema, parsedSchema } from './field-schema.ts';
import { maxText } from './limits.ts';

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
  const readers = new Map(Object.entries(fields).map(([name, field], place) => [name, readerOf(name, field, place)]));
  const required = names.flatMap((name, place) => (fields[name]?.required ? [place] : []));
  const check = schemaCheck(parsedSchema(fields));
  const objectOf = generatedObject(names);
  const absent: readonly unknown[] = names.map(() => undefined);

  const parser: Action['parser'] = (given) => {
    const wanted = given.flatMap((name, at) => {
      const reader = readers.get(name);
      return reader === undefined ? [] : [{ ...reader, at }];
    });
    return (values) => {
      const warnings: Warning[] = [];
      const read = absent.slice();
      let valid = true;
      for (const reader of wanted) {
        const value = values[reader.at];
        if (value === undefined) continue;
        // Most values are texts of fields that take any.
        if (reader.takesText && typeof value === 'string' && value.length <= maxText) {
          if (value !== '') read[reader.place] = value;
          continue;
        }
        const taken = reader.coerce(value, warnings);
        if (taken === undefined) continue;
        if (isRefused(taken)) {
          return { fields: objectOf(read), failure: nestingFailure(reader.name, reader.field), warnings };
        }
        read[reader.place] = taken;
        if (reader.check?.(taken) !== undefined) valid = false;
      }
      for (const place of required) if (read[place] === undefined) valid = false;
      const parsed = objectOf(read);
      if (valid) return { fields: parsed, warnings };
      // All at once, for what the schema as a whole finds first.
      return { fields: parsed, failure: fieldFailure(fields, check(parsed)), warnings };
    };
  };

  const parse = (mapped: unknown): ParsedFields => {
    const given = isObject(mapped) ? mapped : {};
    return parser(Object.keys(given))(Object.values(given));
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

interface FieldReader {
  readonly name: string;
  /** Among the action's fields. */
  readonly place: number;
  readonly field: FieldDefinition;
  readonly coerce: Coerce;
  /** Any text that isn't too long is its value as it is. */
  readonly takesText: boolean;
  /** Absent where every value that `coerce` gives is valid. */
  readonly check: SchemaCheck | undefined;
}

/** A field is checked by itself, as few of them are there. */
function readerOf(name: string, field: FieldDefinition, place: number): FieldReader {
  const schema = parsedFieldSchema(field);
  const free = Object.keys(schema).length === 0;
  return {
    name,
    place,
    field,
    coerce: coercerOf(name, field),
    takesText: !field.raw && !field.multiple && isAnyText(field),
    check: free ? undefined : schemaCheck(schema),
  };
}
