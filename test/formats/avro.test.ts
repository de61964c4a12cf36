import avro from 'avsc';
import { describe, expect, test } from 'vitest';
import { compileAvro } from '../../src/formats/avro/compile.ts';
import { cursorOf } from '../../src/formats/values/cursor.ts';
import { codeThrown } from './code-thrown.ts';

function read(schema: unknown, bytes: Buffer): unknown {
  return compileAvro(schema)(cursorOf(bytes, 0));
}

/** Written by avsc, by the types beneath the logical ones. */
function written(schema: unknown, value: unknown): Buffer {
  return avro.Type.forSchema(schema as avro.Schema, { logicalTypes: {} }).toBuffer(value);
}

function field(schema: object, value: unknown): unknown {
  return read(schema, written(schema, value));
}

/** A long in Avro's own encoding, of more digits than avsc writes. */
function long(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

function twosComplement(value: bigint, length: number): Buffer {
  return Buffer.from(
    BigInt.asUintN(length * 8, value)
      .toString(16)
      .padStart(length * 2, '0'),
    'hex',
  );
}

describe('a value of each type of Avro', () => {
  const decimal = { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 2 };
  const fixedDecimal = { type: 'fixed', name: 'D', size: 16, logicalType: 'decimal', precision: 38, scale: 10 };
  const digits38 = 12345678901234567890123456789012345678n;

  test.each([
    ['null', 'null', Buffer.alloc(0), null],
    ['boolean', 'boolean', Buffer.from([1]), true],
    ['int', 'int', written('int', -2147483648), -2147483648],
    ['long 2^53 - 1', 'long', long(2n ** 53n - 1n), 9007199254740991],
    ['long 2^53', 'long', long(2n ** 53n), '9007199254740992'],
    ['long 2^63 - 1', 'long', long(2n ** 63n - 1n), '9223372036854775807'],
    ['long -2^63', 'long', long(-(2n ** 63n)), '-9223372036854775808'],
    ['float', 'float', written('float', 19.99), 19.99],
    ['double', 'double', written('double', 19.99), 19.99],
    ['a double that is no number', 'double', written('double', Number.NaN), null],
    ['bytes', 'bytes', written('bytes', Buffer.from([255, 0])), '/wA='],
    ['string', 'string', written('string', 'Zoë 🛒'), 'Zoë 🛒'],
    ['enum', { type: 'enum', name: 'E', symbols: ['A', 'B'] }, Buffer.from([2]), 'B'],
    ['fixed', { type: 'fixed', name: 'F', size: 2 }, Buffer.from([1, 2]), 'AQI='],
    ['array', { type: 'array', items: 'int' }, written({ type: 'array', items: 'int' }, [1, 2]), [1, 2]],
    ['map', { type: 'map', values: 'int' }, written({ type: 'map', values: 'int' }, { a: 1 }), { a: 1 }],
    ['union', ['null', 'string'], written(['null', 'string'], 'x'), 'x'],
    ['decimal', decimal, written('bytes', twosComplement(-1999n, 2)), '-19.99'],
    [
      'decimal of 38 digits',
      decimal,
      written('bytes', twosComplement(digits38, 16)),
      '123456789012345678901234567890123456.78',
    ],
    ['fixed decimal', fixedDecimal, twosComplement(-digits38, 16), '-1234567890123456789012345678.9012345678'],
    ['decimal without a scale', { ...decimal, scale: undefined }, written('bytes', twosComplement(5n, 1)), '5'],
    ['uuid', { type: 'string', logicalType: 'uuid' }, written('string', '0b8f'), '0b8f'],
    [
      'fixed uuid',
      { type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' },
      Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
      '00112233-4455-6677-8899-aabbccddeeff',
    ],
    [
      'duration',
      { type: 'fixed', name: 'P', size: 12, logicalType: 'duration' },
      Buffer.from('010000000200000058020000', 'hex'),
      'P1M2DT0.6S',
    ],
  ])('%s', (_name, schema, bytes, expected) => {
    expect(read(schema, bytes)).toEqual(expected);
  });

  const moment = Date.UTC(2026, 4, 6, 7, 8, 9, 123);

  test.each([
    ['timestamp-millis', 'long', moment, '2026-05-06T07:08:09.123Z'],
    ['timestamp-millis', 'long', -1, '1969-12-31T23:59:59.999Z'],
    ['timestamp-micros', 'long', moment * 1000 + 456, '2026-05-06T07:08:09.123456Z'],
    ['timestamp-micros', 'long', moment * 1000, '2026-05-06T07:08:09.123Z'],
    ['local-timestamp-millis', 'long', moment, '2026-05-06T07:08:09.123'],
    ['local-timestamp-micros', 'long', moment * 1000 + 1, '2026-05-06T07:08:09.123001'],
    ['date', 'int', 20579, '2026-05-06'],
    ['time-millis', 'int', 25_689_123, '07:08:09.123'],
    ['time-micros', 'long', 25_689_123_456, '07:08:09.123456'],
  ])('%s is text of ISO 8601', (logicalType, type, value, expected) => {
    expect(field({ type, logicalType }, value)).toBe(expected);
  });

  test('timestamp-nanos keeps nine digits', () => {
    const schema = { type: 'long', logicalType: 'timestamp-nanos' };
    expect(read(schema, long(BigInt(moment) * 1_000_000n + 456_789n))).toBe('2026-05-06T07:08:09.123456789Z');
    expect(read({ ...schema, logicalType: 'local-timestamp-nanos' }, long(1n))).toBe('1970-01-01T00:00:00.000000001');
  });

  test.each([
    ['io.debezium.time.Timestamp', 'long', moment, '2026-05-06T07:08:09.123Z'],
    ['io.debezium.time.MicroTimestamp', 'long', moment * 1000, '2026-05-06T07:08:09.123Z'],
    ['io.debezium.time.Date', 'int', 20579, '2026-05-06'],
    ['io.debezium.time.MicroTime', 'long', 25_689_123_456, '07:08:09.123456'],
    ['org.apache.kafka.connect.data.Timestamp', 'long', moment, '2026-05-06T07:08:09.123Z'],
  ])('a number that Connect calls %s', (name, type, value, expected) => {
    expect(field({ type, 'connect.name': name }, value)).toBe(expected);
  });

  test('a decimal of Debezium with a scale of its own', () => {
    const schema = {
      type: 'record',
      name: 'VariableScaleDecimal',
      namespace: 'io.debezium.data',
      fields: [
        { name: 'scale', type: 'int' },
        { name: 'value', type: 'bytes' },
      ],
      'connect.name': 'io.debezium.data.VariableScaleDecimal',
    };
    expect(field(schema, { scale: 3, value: twosComplement(123_456n, 3) })).toBe('123.456');
  });

  test('a time outside of what ISO 8601 writes stays a number', () => {
    expect(read({ type: 'long', logicalType: 'timestamp-millis' }, long(2n ** 60n))).toBe('1152921504606846976');
  });

  test('a type that is named in its namespace, and one that holds itself', () => {
    const tree = {
      type: 'record',
      name: 'Tree',
      namespace: 'shop',
      fields: [
        { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['LEAF', 'NODE'] } },
        { name: 'again', type: 'Kind' },
        { name: 'children', type: { type: 'array', items: 'shop.Tree' } },
      ],
    };
    const leaf = { kind: 'LEAF', again: 'LEAF', children: [] };
    expect(field(tree, { kind: 'NODE', again: 'LEAF', children: [leaf] })).toEqual({
      kind: 'NODE',
      again: 'LEAF',
      children: [leaf],
    });
  });

  test('a member called __proto__ is a member', () => {
    const name = Buffer.from('__proto__');
    const twice = [4, 18, ...name, 4, 18, ...name, 2, 0];
    const value = read({ type: 'map', values: 'int' }, Buffer.from(twice));
    expect(Object.getOwnPropertyNames(value)).toEqual(['__proto__']);
  });

  test('types of a schema that it refers to', () => {
    const money = { type: 'record', name: 'Money', namespace: 'shop', fields: [{ name: 'cents', type: 'int' }] };
    const order = { type: 'record', name: 'Order', namespace: 'shop', fields: [{ name: 'total', type: 'Money' }] };
    expect(compileAvro(order, [money])(cursorOf(Buffer.from([2]), 0))).toEqual({ total: { cents: 1 } });
  });
});

describe('bytes that are no value of the schema', () => {
  const nulls = { type: 'array', items: 'null' };
  const list = { type: 'record', name: 'L', fields: [{ name: 'next', type: ['null', 'L'] }] };

  test.each([
    ['an empty value', 'int', Buffer.alloc(0), 'SCHEMA_MISMATCH'],
    ['a text that is cut off', 'string', Buffer.from([20, 65]), 'SCHEMA_MISMATCH'],
    ['a text of a negative length', 'string', Buffer.from([1]), 'SCHEMA_MISMATCH'],
    ['a text that is not UTF-8', 'string', Buffer.from([2, 0xff]), 'SCHEMA_MISMATCH'],
    ['a branch that a union lacks', ['null', 'int'], Buffer.from([4]), 'SCHEMA_MISMATCH'],
    ['a symbol that an enum lacks', { type: 'enum', name: 'E', symbols: ['A'] }, Buffer.from([2]), 'SCHEMA_MISMATCH'],
    ['a boolean of 7', 'boolean', Buffer.from([7]), 'SCHEMA_MISMATCH'],
    ['a number of 80 bits', 'long', Buffer.alloc(12, 0xff), 'SCHEMA_MISMATCH'],
    ['2^31 items of nothing', nulls, Buffer.concat([long(2n ** 31n), Buffer.from([0])]), 'TOO_MANY_ITEMS'],
    ['2^31 items of text', { type: 'array', items: 'string' }, long(2n ** 31n), 'TOO_MANY_ITEMS'],
    ['2^31 items in a block with a length', nulls, Buffer.concat([long(-(2n ** 31n)), long(0n)]), 'TOO_MANY_ITEMS'],
    ['2^60 items', nulls, long(2n ** 60n), 'SCHEMA_MISMATCH'],
    ['a list of 100,000 levels', list, Buffer.alloc(100_000, 2), 'TOO_DEEP'],
  ])('%s', (_name, schema, bytes, code) => {
    expect(codeThrown(() => read(schema, bytes))).toBe(code);
  });
});

describe('a schema that can not be used', () => {
  const record = (fields: unknown, name = 'A') => ({ type: 'record', name, fields });

  test.each([
    ['a record in itself', record([{ name: 'a', type: 'A' }]), 'SCHEMA_CYCLIC'],
    [
      'two records in each other',
      record([{ name: 'b', type: record([{ name: 'a', type: 'A' }], 'B') }]),
      'SCHEMA_CYCLIC',
    ],
    ['a record in a union of itself', record([{ name: 'a', type: ['A'] }]), 'SCHEMA_CYCLIC'],
    ['a type that it does not define', record([{ name: 'a', type: 'B' }]), 'SCHEMA_INVALID'],
    ['a type named like a member of objects', record([{ name: 'a', type: 'constructor' }]), 'SCHEMA_INVALID'],
    ['a field without a name', record([{ type: 'int' }]), 'SCHEMA_INVALID'],
    ['a field called __proto__', record([{ name: '__proto__', type: 'int' }]), 'SCHEMA_INVALID'],
    [
      'two fields of one name',
      record([
        { name: 'a', type: 'int' },
        { name: 'a', type: 'int' },
      ]),
      'SCHEMA_INVALID',
    ],
    ['a record without fields', record(undefined), 'SCHEMA_INVALID'],
    ['a number', 7, 'SCHEMA_INVALID'],
  ])('%s', (_name, schema, code) => {
    expect(codeThrown(() => compileAvro(schema))).toBe(code);
  });
});
