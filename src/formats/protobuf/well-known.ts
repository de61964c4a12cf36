import { type JsonObject, own } from '../../core/json.ts';
import { isoTimestamp } from '../values/times.ts';

/**
 * What a message of Google's own types means, from its fields as they are read (Protocol Buffers: ProtoJSON). Others are
 * the object of their fields.
 */
export const wellKnown: ReadonlyMap<string, (fields: JsonObject) => unknown> = new Map<
  string,
  (fields: JsonObject) => unknown
>([
  ['Timestamp', timestamp],
  ['Duration', duration],
  ['Struct', ({ fields }) => fields],
  ['ListValue', ({ values }) => values],
  // A oneof: it has one member, or none.
  ['Value', (fields) => jsonValue(fields)],
  ['FieldMask', ({ paths }) => (Array.isArray(paths) ? paths.join(',') : '')],
  ...['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'].map(
    (name): [string, (fields: JsonObject) => unknown] => [`${name}Value`, ({ value }) => value],
  ),
]);

/** `google.type.Date`, `Money` and others aren't part of Protobuf, and stay objects. */
export const wellKnownPackage = 'google.protobuf.';

function nanosOf(fields: JsonObject): bigint {
  return BigInt(String(own(fields, 'seconds') ?? 0)) * 1_000_000_000n + BigInt(String(own(fields, 'nanos') ?? 0));
}

function timestamp(fields: JsonObject): unknown {
  return isoTimestamp(nanosOf(fields), 'nanos') ?? fields;
}

/** Seconds with their fraction and an `s`, as ProtoJSON writes it. */
function duration(fields: JsonObject): string {
  const nanos = nanosOf(fields);
  const size = nanos < 0n ? -nanos : nanos;
  const fraction = (size % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  return `${nanos < 0n ? '-' : ''}${size / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}s`;
}

function jsonValue(fields: JsonObject): unknown {
  const [entry] = Object.entries(fields);
  if (entry === undefined || entry[0] === 'nullValue') return null;
  return entry[1];
}
