import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { patchHeaders } from '../../../src/kafka/client/headers-patch.ts';

const require = createRequire(import.meta.url);
type Encoder = { readonly buffer: Buffer };
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => Encoder;
const decodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/decoder') as (
  decoder: object,
  context: object,
) => { readonly headers: object; readonly value: Buffer };
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => { readVarIntBytes(): Buffer };

function decoded(headers: object) {
  const { buffer } = encodeRecord({ offsetDelta: 0, timestampDelta: 0, key: 'k', value: 'v', headers });
  return decodeRecord(new Decoder(new Decoder(buffer).readVarIntBytes()), { firstOffset: '0', firstTimestamp: '0' });
}

const values = (headers: object) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)]),
  );

it('headers are gathered as they came, those of a name that comes twice together', () => {
  expect([patchHeaders(), patchHeaders('2.3.0')]).toEqual([true, false]);
  const { headers, value } = decoded({ one: '1', many: ['a', 'b', 'c'], two: '2' });
  expect(values(headers)).toEqual({ one: '1', many: ['a', 'b', 'c'], two: '2' });
  expect(value.toString()).toBe('v');
  expect(decoded({}).headers).toEqual({});
});

it('headers are their own, whatever they are called', () => {
  patchHeaders();
  const hostile = JSON.parse('{"__proto__":"p","constructor":"c","toString":["a","b"]}') as object;
  const { headers } = decoded(hostile);
  expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  expect(Object.keys(headers)).toEqual(['__proto__', 'constructor', 'toString']);
  expect(String(Object.getOwnPropertyDescriptor(headers, '__proto__')?.value)).toBe('p');
  expect(values({ c: (headers as { constructor: unknown }).constructor })).toEqual({ c: 'c' });
});
