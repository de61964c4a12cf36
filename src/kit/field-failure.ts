import type { ErrorObject } from 'ajv';
import type { FieldDefinition, FieldDefinitions, FieldType } from '../core/field.ts';
import type { Failure } from '../core/outcome.ts';

const wanted: Readonly<Record<FieldType, string>> = {
  string: 'text',
  number: 'a number, or a number written as text without signs and separators',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  datetime: 'ISO 8601 text, or Unix seconds, milliseconds or microseconds',
};

/**
 * What ajv found, in the words of the definitions: by label, with the field's place and what to do, and never with
 * the value, which may identify a person.
 */
export function fieldFailure(fields: FieldDefinitions, error: ErrorObject | undefined): Failure {
  const path = (error?.instancePath ?? '').split('/').slice(1);
  const missing = error?.keyword === 'required' ? String(error.params['missingProperty']) : undefined;
  if (missing !== undefined) path.push(missing);
  const field = path.join('.');
  const definition = definitionAt(fields, path);
  const label = definition?.label ?? field;
  if (missing !== undefined) {
    const fix = `Map ${field} to something that every event of this subscription has.`;
    return { code: 'FIELD_REQUIRED', field, message: `${label} (${field}) is required and absent.`, fix };
  }
  const expected = expectation(definition, error);
  const fix = `Map ${field} to ${expected}, or correct what sends it.`;
  return { code: 'FIELD_INVALID', field, message: `${label} (${field}) must be ${expected}.`, fix };
}

/** A failure for a value that is nested too deeply, or holds too much, to be read. */
export function nestingFailure(key: string, definition: FieldDefinition): Failure {
  const message = `${definition.label} (${key}) holds more than a field may, or is nested too deeply.`;
  return { code: 'FIELD_INVALID', field: key, message, fix: `Map ${key} to members that are needed.` };
}

/** What a value of the field must be, in words. */
export function expectedOf(definition: FieldDefinition): string {
  const { type, choices, minimum, maximum, multiple } = definition;
  if (multiple && minimum !== undefined && minimum === maximum) return `a list of ${minimum}`;
  if (type !== 'boolean' && choices !== undefined) return `one of ${choices.join(', ')}`;
  const least = minimum === undefined ? '' : ` of at least ${minimum}`;
  const most = maximum === undefined ? '' : `${least === '' ? ' of' : ' and'} at most ${maximum}`;
  return type === 'string' ? wanted[type] : `${wanted[type]}${least}${most}`;
}

function expectation(definition: FieldDefinition | undefined, error: ErrorObject | undefined): string {
  if (definition === undefined || error === undefined) return 'valid';
  return expectedOf(definition);
}

function definitionAt(fields: FieldDefinitions, path: readonly string[]): FieldDefinition | undefined {
  let members: FieldDefinitions | undefined = fields;
  let definition: FieldDefinition | undefined;
  for (const key of path) {
    if (definition?.multiple && key !== '' && Number.isInteger(Number(key))) continue;
    definition = members !== undefined && Object.hasOwn(members, key) ? members[key] : undefined;
    members = definition?.properties;
  }
  return definition;
}
