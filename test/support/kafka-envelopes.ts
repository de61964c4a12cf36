import fc from 'fast-check';

/** What a producer may put around and into a record (Kafka: protocol, record batches). */
export interface Envelope {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
  readonly timestamp: bigint;
}

const bytes: fc.Arbitrary<Buffer> = fc.uint8Array({ maxLength: 20 }).map((some) => Buffer.from(some));
const names = fc.oneof(
  fc.string({ maxLength: 12, unit: 'binary' }).filter((name) => name.isWellFormed()),
  // Names that JavaScript or we give a meaning to.
  fc.constantFrom('', '__proto__', 'constructor', 'toString', 'a', 'a', 'meta-actions.code', '__connect.errors.topic'),
);
export const envelopes: fc.Arbitrary<Envelope> = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(fc.tuple(names, fc.option<Buffer>(bytes)), { maxLength: 6 }),
  // None (-1), seconds in place of milliseconds, and anything that fits in 63 bits.
  timestamp: fc.oneof(fc.constantFrom(-1n, 0n, 1_790_000_000n, 2n ** 62n), fc.bigInt(-(2n ** 40n), 2n ** 45n)),
});

/** The record's bytes on the wire, as other clients write them, without their length. `at`: its place in the batch. */
export function onTheWire({ key, value, headers, timestamp }: Envelope, at: bigint): Buffer {
  const sized = (some: Buffer | null) => (some === null ? [varint(-1n)] : [varint(BigInt(some.length)), some]);
  const pairs = headers.flatMap(([name, said]) => [...sized(Buffer.from(name)), ...sized(said)]);
  const parts = [Buffer.from([0]), varint(timestamp), varint(at), ...sized(key), ...sized(value)];
  return Buffer.concat([...parts, varint(BigInt(headers.length)), ...pairs]);
}

export function varint(number: bigint): Buffer {
  let rest = BigInt.asUintN(64, (number << 1n) ^ (number >> 63n));
  const out: number[] = [];
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return Buffer.from([...out, Number(rest)]);
}
