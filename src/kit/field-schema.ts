import type { FieldDefinition, FieldDefinitions } from '../core/field.ts';
import type { JsonObject } from '../core/json.ts';

/**
 * The JSON Schema of values that may be mapped to the fields, with labels and descriptions: for the schema of
 * destination files and for the reference pages. Not in it, because an editor should advise against them: numeric
 * text for a number, a number for an id.
 */
export function fieldSchema(fields: FieldDefinitions): JsonObject {
  return { ...objectSchema(fields, inputSchema), additionalProperties: false };
}

function inputSchema(field: FieldDefinition): JsonObject {
  const about = { title: field.label, description: field.description };
  if (field.raw) return about;
  const item = inputItemSchema(field);
  if (!field.multiple) return { ...about, ...item };
  const list = { type: 'array', items: item, ...listBounds(field) };
  return isPositional(field) ? { ...about, ...list } : { ...about, anyOf: [item, list] };
}

function inputItemSchema(field: FieldDefinition): JsonObject {
  const schema = valueSchema(field, inputSchema, { type: ['string', 'number'] });
  return field.properties === undefined || field.additionalProperties
    ? schema
    : { ...schema, additionalProperties: false };
}

/**
 * The JSON Schema of one object after its members were read: what a coercer has checked already (lists item by item,
 * identifiers, unknown members) isn't checked again, dates are milliseconds.
 */
export function parsedSchema(fields: FieldDefinitions): JsonObject {
  return objectSchema(fields, parsedFieldSchema);
}

/** The JSON Schema of one value of a field (of one item of a list) after it was read. */
export function parsedItemSchema(field: FieldDefinition): JsonObject {
  return valueSchema(field, parsedFieldSchema, { type: 'number' });
}

/** The JSON Schema of a list of fixed length. */
export function positionalSchema(field: FieldDefinition): JsonObject {
  return { type: 'array', items: parsedItemSchema(field), ...listBounds(field) };
}

/** The JSON Schema of a field after it was read. Empty: whatever was read is valid, as it would have been left out. */
export function parsedFieldSchema(field: FieldDefinition): JsonObject {
  return field.raw || field.multiple || !isDecisive(field) ? {} : parsedItemSchema(field);
}

/** What can't be used of such a field refuses the event, or the item of a list; of others it is left out. */
export function isDecisive(field: FieldDefinition): boolean {
  return field.required === true || field.decisive === true;
}

/** A list of text whose length is fixed: its blanks keep their places. */
export function isPositional(field: FieldDefinition): boolean {
  return (
    field.multiple === true && field.type === 'string' && field.minimum !== undefined && field.minimum === field.maximum
  );
}

function valueSchema(
  field: FieldDefinition,
  memberSchema: (member: FieldDefinition) => JsonObject,
  date: JsonObject,
): JsonObject {
  switch (field.type) {
    case 'object':
      if (field.properties === undefined) return { type: 'object' };
      return objectSchema(field.properties, memberSchema);
    case 'boolean':
      return field.choices === undefined ? { type: 'boolean' } : { enum: [true, false, ...field.choices] };
    case 'datetime':
      return field.identifier ? { type: ['string', 'number', 'object'] } : date;
    default:
      return { type: field.type, ...choices(field), ...(field.type === 'string' ? {} : valueBounds(field)) };
  }
}

function objectSchema(fields: FieldDefinitions, memberSchema: (member: FieldDefinition) => JsonObject): JsonObject {
  const entries = Object.entries(fields);
  const required = entries.filter(([, field]) => field.required).map(([key]) => key);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([key, field]) => [key, memberSchema(field)])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function choices(field: FieldDefinition): JsonObject {
  return field.choices === undefined ? {} : { enum: field.choices };
}

function valueBounds(field: FieldDefinition): JsonObject {
  return {
    ...(field.minimum === undefined ? {} : { minimum: field.minimum }),
    ...(field.maximum === undefined ? {} : { maximum: field.maximum }),
  };
}

function listBounds(field: FieldDefinition): JsonObject {
  return isPositional(field) ? { minItems: field.minimum, maxItems: field.maximum } : {};
}
