import { isObject, type JsonObject } from '../core/json.ts';
import { meaningOf } from './values/meanings.ts';
import { bigIntOf, decimalText } from './values/numbers.ts';

/**
 * The payload of a message that Kafka Connect's JSON converter wrote with its schema, as it would be of Avro: what the
 * schema names a time, a date or a decimal is ISO 8601 or text.
 */
export function connectPayload(schema: unknown, payload: unknown): unknown {
  if (!isObject(schema) || payload === null) return payload;
  switch (schema['type']) {
    case 'struct':
      return schema['name'] === 'io.debezium.data.VariableScaleDecimal' ? decimal(payload) : struct(schema, payload);
    case 'array':
      return Array.isArray(payload) ? payload.map((item) => connectPayload(schema['items'], item)) : payload;
    case 'map':
      return map(schema, payload);
    case 'bytes':
      return schema['name'] === 'org.apache.kafka.connect.data.Decimal' ? scaled(schema, payload) : payload;
    default:
      return number(schema, payload);
  }
}

function struct({ fields }: JsonObject, payload: unknown): unknown {
  if (!isObject(payload) || !Array.isArray(fields)) return payload;
  const members = { ...payload };
  for (const field of fields) {
    const name: unknown = isObject(field) ? field['field'] : undefined;
    if (typeof name === 'string' && Object.hasOwn(payload, name) && name !== '__proto__') {
      members[name] = connectPayload(field, payload[name]);
    }
  }
  return members;
}

/** Keys that are no texts make it a list of pairs. */
function map({ keys, values }: JsonObject, payload: unknown): unknown {
  if (Array.isArray(payload)) {
    return payload.map((pair) =>
      Array.isArray(pair) ? [connectPayload(keys, pair[0]), connectPayload(values, pair[1])] : pair,
    );
  }
  if (!isObject(payload)) return payload;
  return Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, connectPayload(values, value)]));
}

/** A whole number that doesn't fit one of JavaScript's is text. */
function number(schema: JsonObject, payload: unknown): unknown {
  const meaning = meaningOf(schema['name']);
  if (meaning === undefined) return payload;
  if (typeof payload === 'number' && Number.isSafeInteger(payload)) return meaning(payload) ?? payload;
  return typeof payload === 'string' && /^-?\d{1,19}$/.test(payload) ? (meaning(BigInt(payload)) ?? payload) : payload;
}

/** Connect may be told to write decimals as numbers, which stay as they are. */
function scaled({ parameters }: JsonObject, payload: unknown): unknown {
  return isObject(parameters) ? unscaled(payload, Number(parameters['scale'])) : payload;
}

function decimal(payload: unknown): unknown {
  return isObject(payload) ? unscaled(payload['value'], Number(payload['scale'])) : payload;
}

function unscaled(base64: unknown, scale: number): unknown {
  if (typeof base64 !== 'string' || !Number.isInteger(scale) || Math.abs(scale) > 1000) return base64;
  const bytes = Buffer.from(base64, 'base64');
  // Longer ones are no amounts, as of Avro. What isn't base64 is what it is, such as Debezium's word for what it doesn't tell.
  const isBase64 = bytes.length > 0 && bytes.toString('base64').replace(/=+$/, '') === base64.replace(/=+$/, '');
  return isBase64 && bytes.length <= 1024 ? decimalText(bigIntOf(bytes), scale) : base64;
}
