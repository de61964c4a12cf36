import protobuf, { type Field, type OneOf, type Root, type Type } from 'protobufjs';
import { isObject } from '../../core/json.ts';
import { type Cursor, enter, leave, mismatch } from '../values/cursor.ts';
import { schemaInvalid } from '../values/schema-error.ts';
import { type ProtoFile, parseFiles } from './files.ts';
import { readCount, readInt32, type Scalar, scalars, skipField, wire } from './scalars.ts';
import { wellKnown } from './well-known.ts';

/** Reads a message from where the cursor stands to `end`. */
type MessageReader = (cursor: Cursor, end: number) => unknown;

/** A `.proto` file with readers for its messages, made when the first value of a message comes. */
export interface CompiledProto {
  /**
   * The reader of the message at these indexes, or of this name; undefined: of the file's only one. Throws a
   * `ConnectorError` when there is none, or when it can't be told which.
   */
  reader(message: readonly number[] | string | undefined): MessageReader;
}

/**
 * Readers of messages as plain JSON, with the names of fields as the file writes them, or as their `json_name`.
 *
 * @param files The file itself last, behind those that it imports.
 * @throws ConnectorError `SCHEMA_INVALID`.
 */
export function compileProto(files: readonly ProtoFile[]): CompiledProto {
  const { root, nameAt } = parseFiles(files);
  const readers = new Map<string, MessageReader>();
  return {
    reader(message) {
      if (message === undefined && nameAt([1]) !== undefined) {
        throw mismatch('the record does not say which message of the schema it is');
      }
      const name = typeof message === 'string' ? message : nameAt(message ?? [0]);
      const type = name === undefined ? undefined : typeNamed(root, name);
      if (type === undefined) throw mismatch('the schema has no such message');
      return readerOf(type, readers);
    },
  };
}

/** By its full name, or by its own where a writer gives only that. */
function typeNamed(root: Root, name: string): Type | undefined {
  const found = root.lookup(name, [protobuf.Type]);
  return found instanceof protobuf.Type ? found : undefined;
}

interface FieldPlan {
  readonly name: string;
  readonly scalar: Scalar;
  readonly kind: 'single' | 'repeated' | 'map';
  /** The others of its oneof: only the last one written counts. */
  readonly others: readonly string[];
}

/** Made on first use, and known by name from then on: messages may hold each other. */
function readerOf(type: Type, readers: Map<string, MessageReader>): MessageReader {
  const known = readers.get(type.fullName);
  if (known !== undefined) return known;
  let read: MessageReader | undefined;
  const later: MessageReader = (cursor, end) => (read ?? mismatchReader)(cursor, end);
  readers.set(type.fullName, later);
  read = messageReader(type, readers);
  return later;
}

const mismatchReader: MessageReader = () => {
  throw mismatch('the message is not compiled');
};

function messageReader(type: Type, readers: Map<string, MessageReader>): MessageReader {
  const plans = new Map(type.fieldsArray.map((field) => [field.id, planOf(field, readers)]));
  const absent = type.fieldsArray.flatMap((field): [string, unknown][] => {
    const plan = plans.get(field.id);
    return plan === undefined || hasPresence(field) ? [] : [[plan.name, absentOf(plan)]];
  });
  const meaning = wellKnown.get(type.fullName.replace(/^\./, ''));
  return (cursor, end) => {
    enter(cursor, 1 + absent.length);
    const fields: Record<string, unknown> = {};
    for (const [key, value] of absent) fields[key] = Array.isArray(value) ? [] : isObject(value) ? {} : value;
    while (cursor.at < end) readField(cursor, plans, fields);
    if (cursor.at !== end) throw mismatch('a message is longer than it says');
    leave(cursor);
    return meaning === undefined ? fields : meaning(fields);
  };
}

function readField(cursor: Cursor, plans: ReadonlyMap<number, FieldPlan>, fields: Record<string, unknown>): void {
  const tag = readCount(cursor);
  const plan = plans.get(Math.floor(tag / 8));
  const wireType = tag % 8;
  if (tag < 8) throw mismatch('a field has the number 0');
  if (plan === undefined) {
    skipField(cursor, wireType);
    return;
  }
  const { name, scalar, kind } = plan;
  if (kind === 'repeated') readRepeated(cursor, scalar, wireType, fields[name] as unknown[]);
  else {
    if (wireType !== scalar.wire) throw mismatch('a field is written as another type than the schema says');
    const value = scalar.read(cursor);
    for (const other of plan.others) delete fields[other];
    if (kind === 'map') addEntry(fields[name] as Record<string, unknown>, value);
    else fields[name] = value;
  }
}

/** One item, or many in one field (packed): readers must know both, whatever the schema says. */
function readRepeated(cursor: Cursor, scalar: Scalar, wireType: number, items: unknown[]): void {
  if (wireType === scalar.wire) {
    items.push(scalar.read(cursor));
    return;
  }
  if (wireType !== wire.length) throw mismatch('a field is written as another type than the schema says');
  const length = readCount(cursor);
  const end = cursor.at + length;
  if (end > cursor.bytes.length) throw mismatch('the value ends too early');
  while (cursor.at < end) items.push(scalar.read(cursor));
  if (cursor.at !== end) throw mismatch('a list is longer than it says');
}

function addEntry(map: Record<string, unknown>, entry: unknown): void {
  const { key, value } = entry as { readonly key: unknown; readonly value: unknown };
  Object.defineProperty(map, String(key), { value, enumerable: true, writable: true, configurable: true });
}

function planOf(field: Field, readers: Map<string, MessageReader>): FieldPlan {
  const name = String(field.options?.['json_name'] ?? field.name);
  if (name === '__proto__') throw schemaInvalid('has a field named __proto__');
  const others = oneofOf(field)?.fieldsArray.filter((other) => other !== field) ?? [];
  const plan = { name, others: others.map((other) => String(other.options?.['json_name'] ?? other.name)) };
  if (field instanceof protobuf.MapField) return { ...plan, kind: 'map', scalar: entryOf(field, readers) };
  return { ...plan, kind: field.repeated ? 'repeated' : 'single', scalar: scalarOf(field, readers) };
}

type TypedField = Pick<Field, 'type' | 'resolvedType'>;

function scalarOf({ type, resolvedType }: TypedField, readers: Map<string, MessageReader>): Scalar {
  const scalar = scalars.get(type);
  if (scalar !== undefined) return scalar;
  if (resolvedType instanceof protobuf.Enum) {
    const { valuesById } = resolvedType;
    const nameOf = (value: number) => valuesById[value] ?? value;
    return { wire: wire.varint, read: (cursor) => nameOf(readInt32(cursor)), absent: nameOf(0) };
  }
  if (!(resolvedType instanceof protobuf.Type)) throw schemaInvalid('names a type that it does not define');
  if ('group' in resolvedType && resolvedType.group === true)
    throw schemaInvalid('has a group, which Protobuf gave up: use a message');
  return { wire: wire.length, read: embedded(readerOf(resolvedType, readers)), absent: undefined };
}

function embedded(read: MessageReader): (cursor: Cursor) => unknown {
  return (cursor) => {
    const length = readCount(cursor);
    const end = cursor.at + length;
    if (end > cursor.bytes.length) throw mismatch('the value ends too early');
    return read(cursor, end);
  };
}

/** An entry of a map is written as a message with the fields 1, the key, and 2. */
function entryOf(field: protobuf.MapField, readers: Map<string, MessageReader>): Scalar {
  const key = scalars.get(field.keyType);
  if (key === undefined) throw schemaInvalid('has a map whose keys are no scalars');
  const value = scalarOf(field, readers);
  const plans = new Map<number, FieldPlan>([
    [1, { name: 'key', scalar: key, kind: 'single', others: [] }],
    [2, { name: 'value', scalar: value, kind: 'single', others: [] }],
  ]);
  const read: MessageReader = (cursor, end) => {
    const entry: Record<string, unknown> = { key: key.absent, value: value.absent ?? null };
    while (cursor.at < end) readField(cursor, plans, entry);
    if (cursor.at !== end) throw mismatch('an entry of a map is longer than it says');
    return entry;
  };
  return { wire: wire.length, read: embedded(read), absent: undefined };
}

/** A field that is known to be absent when it isn't written, unlike a number of proto3, which is 0 then. */
function hasPresence(field: Field): boolean {
  return !field.repeated && !field.map && field.hasPresence;
}

function oneofOf(field: Field): OneOf | undefined {
  const { parent } = field;
  return parent instanceof protobuf.Type
    ? parent.oneofsArray.find((group) => group.fieldsArray.includes(field))
    : undefined;
}

function absentOf({ kind, scalar }: FieldPlan): unknown {
  if (kind === 'repeated') return [];
  return kind === 'map' ? {} : scalar.absent;
}
