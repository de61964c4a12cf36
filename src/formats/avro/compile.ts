import { generatedObject } from '../../core/generated-object.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { countItems, type Cursor, enter, leave, mismatch, takeBytes, takeText } from '../values/cursor.ts';
import { schemaCyclic, schemaInvalid } from '../values/schema-error.ts';
import { logicalReader, variableScaleDecimal } from './logical-types.ts';
import { checkedName, definedName, namespaceOf, qualified } from './names.ts';
import { primitives, readInt, type Reader } from './primitives.ts';

/** What a schema's types may refer to: those of the schemas that it names, and its own. */
interface Scope {
  readonly types: Map<string, NamedType>;
  readonly namespace: string;
  /** The records that a value of this type is surely inside of. */
  readonly within: readonly NamedType[];
}

interface NamedType {
  reader: Reader | undefined;
}

/**
 * A reader of values that were written by this schema, as plain JSON: times as ISO 8601, decimals and numbers beyond
 * 2^53 as text, bytes as base64, of a union the value.
 *
 * @param references The schemas whose types it names, each behind those that it needs itself.
 * @throws ConnectorError `SCHEMA_INVALID` or `SCHEMA_CYCLIC`.
 */
export function compileAvro(schema: unknown, references: readonly unknown[] = []): Reader {
  const scope: Scope = { types: new Map(), namespace: '', within: [] };
  for (const reference of references) compile(reference, scope);
  return compile(schema, scope);
}

function compile(schema: unknown, scope: Scope): Reader {
  if (typeof schema === 'string') return named(schema, scope);
  if (Array.isArray(schema)) return union(schema, scope);
  if (!isObject(schema)) throw schemaInvalid('has a type that is neither a name, a list nor an object');
  const { type } = schema;
  switch (type) {
    case 'record':
    case 'error':
      return record(schema, scope);
    case 'enum':
      return enumeration(schema, scope);
    case 'fixed':
      return fixed(schema, scope);
    case 'array':
      return array(compile(schema['items'], { ...scope, within: [] }));
    case 'map':
      return map(compile(schema['values'], { ...scope, within: [] }));
    default:
      return logicalReader(schema) ?? compile(type, scope);
  }
}

function named(name: string, { types, namespace, within }: Scope): Reader {
  const primitive = Object.hasOwn(primitives, name) ? primitives[name] : undefined;
  if (primitive !== undefined) return primitive;
  const found = types.get(qualified(name, namespace)) ?? types.get(name);
  if (found === undefined) throw schemaInvalid('names a type that it does not define');
  if (within.includes(found)) throw schemaCyclic();
  // The type may be defined around this place, so that its reader isn't there yet.
  return found.reader ?? ((cursor) => found.reader?.(cursor));
}

function define(schema: JsonObject, scope: Scope): { readonly type: NamedType; readonly inner: Scope } {
  const name = definedName(schema, scope.namespace);
  const type: NamedType = { reader: undefined };
  scope.types.set(name, type);
  return { type, inner: { ...scope, namespace: namespaceOf(name), within: [...scope.within, type] } };
}

function record(schema: JsonObject, scope: Scope): Reader {
  const { type, inner } = define(schema, scope);
  const { fields } = schema;
  if (!Array.isArray(fields) || !fields.every(isObject)) throw schemaInvalid('has a record without a list of fields');
  const names = fields.map((field) => checkedName(field['name']));
  if (new Set(names).size < names.length) throw schemaInvalid('has a record with two fields of one name');
  const readers = fields.map((field) => compile(field['type'], inner));
  const isDecimal = schema['connect.name'] === 'io.debezium.data.VariableScaleDecimal';
  type.reader = isDecimal ? variableScaleDecimal : recordReader(names, readers);
  return type.reader;
}

function recordReader(names: readonly string[], readers: readonly Reader[]): Reader {
  const objectOf = generatedObject(names);
  const count = readers.length;
  return (cursor) => {
    enter(cursor);
    const values = new Array<unknown>(count);
    for (let index = 0; index < count; index++) values[index] = readers[index]?.(cursor);
    leave(cursor);
    return objectOf(values);
  };
}

function enumeration(schema: JsonObject, scope: Scope): Reader {
  const { type } = define(schema, scope);
  const { symbols } = schema;
  if (!Array.isArray(symbols)) throw schemaInvalid('has an enum without symbols');
  type.reader = (cursor) => {
    const symbol: unknown = symbols[readInt(cursor)];
    if (symbol === undefined) throw mismatch('an enum has no such symbol');
    return symbol;
  };
  return type.reader;
}

function fixed(schema: JsonObject, scope: Scope): Reader {
  const { type } = define(schema, scope);
  const { size } = schema;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 0)
    throw schemaInvalid('has a fixed without a size');
  type.reader = logicalReader(schema) ?? ((cursor) => takeBytes(cursor, size).toString('base64'));
  return type.reader;
}

/** The value of a union is that of its branch: which one it was doesn't show. */
function union(branches: readonly unknown[], scope: Scope): Reader {
  // A union of one branch is no way out of a cycle.
  const inner = branches.length > 1 ? { ...scope, within: [] } : scope;
  const readers = branches.map((branch) => compile(branch, inner));
  return (cursor) => {
    const reader = readers[readInt(cursor)];
    if (reader === undefined) throw mismatch('a union has no such branch');
    return reader(cursor);
  };
}

function array(item: Reader): Reader {
  return (cursor) => {
    const items: unknown[] = [];
    enter(cursor);
    eachItem(cursor, () => items.push(item(cursor)));
    leave(cursor);
    return items;
  };
}

function map(value: Reader): Reader {
  return (cursor) => {
    const entries: Record<string, unknown> = {};
    enter(cursor);
    eachItem(cursor, () => {
      const key = takeText(cursor, readInt(cursor));
      const member = value(cursor);
      // Assigned, it would be the prototype.
      if (key === '__proto__')
        Object.defineProperty(entries, key, { value: member, enumerable: true, configurable: true });
      else entries[key] = member;
    });
    leave(cursor);
    return entries;
  };
}

/** Blocks of items, each with its count; a negative count is followed by the block's length, which isn't needed. */
function eachItem(cursor: Cursor, read: () => void): void {
  for (let count = readInt(cursor); count !== 0; count = readInt(cursor)) {
    if (count < 0) readInt(cursor);
    const items = Math.abs(count);
    countItems(cursor, items);
    for (let index = 0; index < items; index++) read();
  }
}
