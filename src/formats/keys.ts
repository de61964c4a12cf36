import { isUtf8 } from 'node:buffer';
import { parseExactly } from '../core/exact-json.ts';
import { isObject } from '../core/json.ts';
import type { TopicSettings } from '../core/topic-settings.ts';
import type { ReadRecordKey } from '../core/value-reading.ts';
import { connectPayload } from './connect-json.ts';
import { frameOf } from './framing.ts';
import type { RegistryValues } from './registry-values.ts';

type ReadKey = ReturnType<ReadRecordKey>;

/** Longer keys are no identifiers of anything. */
const maxKeyBytes = 64 * 1024;

/** Undefined: keys of the topic are text, which needs no reading. */
export function keyReader({ key }: TopicSettings, values: RegistryValues): ReadRecordKey | undefined {
  if (key === 'json') return (bytes) => readJson(bytes);
  if (key !== 'avro') return undefined;
  return (bytes, { headers, topic }) => {
    const frame = frameOf(bytes, headers, 'key');
    if (frame.kind === 'failed') return frame;
    if (frame.kind === 'plain') return failed('WRONG_MAGIC_BYTE', 'it does not begin with the id of a schema (key)');
    const read = values.read(bytes, frame, 'avro', `${topic}-key`);
    return read.kind === 'json' ? readJson(read.bytes) : read;
  };
}

/** JSON, in the frame of a registry or not, or as Kafka Connect writes it with its schema. */
function readJson(bytes: Buffer): ReadKey {
  const text = bytes[0] === 0 && bytes.length > 5 ? bytes.subarray(5) : bytes;
  if (text.length > maxKeyBytes || !isUtf8(text))
    return failed('KEY_UNREADABLE', 'it is no JSON, as sources.json says');
  try {
    const value = parseExactly(text.toString('utf8'));
    const isConnect = isObject(value) && isObject(value['schema']) && Object.hasOwn(value, 'payload');
    return { kind: 'value', value: isConnect ? connectPayload(value['schema'], value['payload']) : value };
  } catch {
    return failed('KEY_UNREADABLE', 'it is no JSON, as sources.json says');
  }
}

function failed(code: string, what: string): ReadKey {
  return { kind: 'failed', failure: { code, message: `the key of the record can't be read: ${what}` } };
}
