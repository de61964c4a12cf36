import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import avro from 'avsc';

const presets = resolve(import.meta.dirname, '../../examples/events/presets');

/** Whole numbers of 64 bits, which avsc reads and writes as JavaScript numbers unless it is told otherwise. */
const long = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer(value: bigint) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (left: bigint, right: bigint) => Number(left - right),
});

export function schemaOf(preset: string): string {
  return readFileSync(join(presets, `${preset}.avsc`), 'utf8');
}

export function typeOf(schema: string): avro.Type {
  return avro.Type.forSchema(JSON.parse(schema) as avro.Schema, { registry: { long }, logicalTypes: {} });
}

/** The preset's sample in the shape that avsc writes. */
export function sampleOf<T>(preset: string, shape: (event: Record<string, unknown>) => T): readonly T[] {
  const lines = readFileSync(join(presets, `${preset}.ndjson`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => shape(JSON.parse(line) as Record<string, unknown>));
}

/** In the frame of a registry. */
export function framed(id: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(id, 1);
  return Buffer.concat([head, payload]);
}

export function daysOf(date: unknown): number | null {
  return typeof date === 'string' ? Date.parse(date) / 86_400_000 : null;
}
