import { type JsonObject, own } from '../../core/json.ts';
import { bigIntOf, decimalText } from '../values/numbers.ts';
import { isoTimestamp } from '../values/times.ts';

type MessageMeaning = (fields: JsonObject) => unknown;

/** Types of the package `google.protobuf` (Protocol Buffers: ProtoJSON). */
const ofProtobuf: readonly (readonly [string, MessageMeaning])[] = [
  ['Timestamp', timestamp],
  ['Duration', duration],
  ['Struct', ({ fields }) => fields],
  ['ListValue', ({ values }) => values],
  // A oneof: it has one member, or none.
  ['Value', (fields) => jsonValue(fields)],
  ['FieldMask', ({ paths }) => (Array.isArray(paths) ? paths.join(',') : '')],
  ...['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'].map(
    (name) => [`${name}Value`, ({ value }: JsonObject) => value] as const,
  ),
];

/**
 * What a message of a well-known type means, by its full name, from its fields as they are read. Others are the object of
 * their fields, `google.type.Date` and `Money` among them, which aren't part of Protobuf.
 */
export const wellKnown: ReadonlyMap<string, MessageMeaning> = new Map([
  ...ofProtobuf.map(([name, meaning]) => [`google.protobuf.${name}`, meaning] as const),
  // What Kafka Connect writes a decimal as.
  ['confluent.type.Decimal', decimal],
]);

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

/** One of a size that no amount has stays as it is, as of Avro. */
function decimal(fields: JsonObject): unknown {
  const bytes = Buffer.from(String(own(fields, 'value') ?? ''), 'base64');
  const scale = Number(own(fields, 'scale') ?? 0);
  return bytes.length > 1024 || Math.abs(scale) > 1000 ? fields : decimalText(bigIntOf(bytes), scale);
}
