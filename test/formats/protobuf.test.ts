import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { compileProto } from '../../src/formats/protobuf/compile.ts';
import { cursorOf } from '../../src/formats/values/cursor.ts';
import { codeThrown } from './code-thrown.ts';

const imports = ['timestamp', 'duration', 'struct', 'wrappers', 'field_mask']
  .map((name) => `import "google/protobuf/${name}.proto";`)
  .join('\n');

function schema(fields: string): string {
  return `syntax = "proto3";\npackage shop.v1;\n${imports}\nenum Kind { KIND_UNKNOWN = 0; SALE = 1; }\nmessage Order {\n${fields}\n}\n`;
}

/** Written by protobufjs. */
function written(text: string, value: object, message = 'shop.v1.Order'): Buffer {
  const root = new protobuf.Root();
  const { imports: names } = protobuf.parse(text, root, { keepCase: true });
  for (const name of names ?? []) root.addJSON((protobuf.common.get(name) as { nested: never }).nested);
  const type = root.lookupType(message);
  return Buffer.from(type.encode(type.fromObject(value)).finish());
}

function read(text: string, bytes: Buffer, message: readonly number[] | string = [0]): unknown {
  return compileProto([{ name: '', text }]).reader(message)(cursorOf(bytes, 0), bytes.length);
}

const seconds = Date.UTC(2026, 4, 6, 7, 8, 9) / 1000;

describe('a field of each type of Protobuf', () => {
  test.each([
    ['int32', 'int32 v = 1;', -7, -7],
    ['uint32', 'uint32 v = 1;', 4294967295, 4294967295],
    ['sint32', 'sint32 v = 1;', -2147483648, -2147483648],
    ['int64 2^53 - 1', 'int64 v = 1;', '9007199254740991', 9007199254740991],
    ['int64 2^63 - 1', 'int64 v = 1;', '9223372036854775807', '9223372036854775807'],
    ['int64 -2^63', 'int64 v = 1;', '-9223372036854775808', '-9223372036854775808'],
    ['int64 -1', 'int64 v = 1;', -1, -1],
    ['uint64 2^64 - 1', 'uint64 v = 1;', '18446744073709551615', '18446744073709551615'],
    ['sint64 -2^63', 'sint64 v = 1;', '-9223372036854775808', '-9223372036854775808'],
    ['fixed64 2^63', 'fixed64 v = 1;', '9223372036854775808', '9223372036854775808'],
    ['sfixed64', 'sfixed64 v = 1;', -5, -5],
    ['fixed32', 'fixed32 v = 1;', 4294967295, 4294967295],
    ['sfixed32', 'sfixed32 v = 1;', -1, -1],
    ['float', 'float v = 1;', 19.99, 19.99],
    ['double', 'double v = 1;', 19.99, 19.99],
    ['bool', 'bool v = 1;', true, true],
    ['string', 'string v = 1;', 'Zoë 🛒', 'Zoë 🛒'],
    ['bytes', 'bytes v = 1;', '/wA=', '/wA='],
    ['enum', 'Kind v = 1;', 'SALE', 'SALE'],
    ['packed list', 'repeated int32 v = 1;', [1, -2, 3], [1, -2, 3]],
    ['list that is not packed', 'repeated int32 v = 1 [packed = false];', [1, -2, 3], [1, -2, 3]],
    ['list of text', 'repeated string v = 1;', ['a', 'b'], ['a', 'b']],
    ['map', 'map<string, int64> v = 1;', { a: 1, b: '9223372036854775807' }, { a: 1, b: '9223372036854775807' }],
    ['map of messages', 'message I { int32 n = 1; } map<int32, I> v = 1;', { 7: { n: 1 } }, { 7: { n: 1 } }],
    ['message', 'message I { int32 n = 1; } I v = 1;', { n: 1 }, { n: 1 }],
    ['Timestamp', 'google.protobuf.Timestamp v = 1;', { seconds, nanos: 123000000 }, '2026-05-06T07:08:09.123Z'],
    [
      'Timestamp with nanoseconds',
      'google.protobuf.Timestamp v = 1;',
      { seconds, nanos: 1 },
      '2026-05-06T07:08:09.000000001Z',
    ],
    ['Duration', 'google.protobuf.Duration v = 1;', { seconds: -3, nanos: -500000000 }, '-3.5s'],
    ['wrapper', 'google.protobuf.Int64Value v = 1;', { value: '9223372036854775807' }, '9223372036854775807'],
    ['wrapper of a default', 'google.protobuf.BoolValue v = 1;', { value: false }, false],
    ['FieldMask', 'google.protobuf.FieldMask v = 1;', { paths: ['a', 'b.c'] }, 'a,b.c'],
  ])('%s', (_name, fields, value, expected) => {
    const text = schema(fields);
    expect(read(text, written(text, { v: value }))).toEqual({ v: expected });
  });

  test('a Struct is the object that it stands for', () => {
    const text = schema('google.protobuf.Struct v = 1;');
    const list = { values: [{ stringValue: 'x' }, { nullValue: 0 }, { boolValue: false }] };
    const fields = { a: { numberValue: 1.5 }, b: { listValue: list }, c: { structValue: { fields: {} } } };
    expect(read(text, written(text, { v: { fields } }))).toEqual({ v: { a: 1.5, b: ['x', null, false], c: {} } });
  });
});

describe('what is not written', () => {
  test('is the default of proto3, unless the field knows that it is absent', () => {
    const text = schema(
      'int32 n = 1; string s = 2; bool b = 3; Kind k = 4; repeated int32 l = 5; optional int32 o = 6; oneof c { int32 x = 7; string y = 8; } google.protobuf.Timestamp t = 9;',
    );
    expect(read(text, Buffer.alloc(0))).toEqual({ n: 0, s: '', b: false, k: 'KIND_UNKNOWN', l: [] });
    expect(read(text, written(text, { o: 0 }))).toMatchObject({ o: 0 });
  });

  test('of proto2 is absent', () => {
    const text = 'syntax = "proto2"; message A { optional int32 n = 1; repeated string l = 2; }';
    expect(read(text, Buffer.alloc(0))).toEqual({ l: [] });
  });
});

describe('a message', () => {
  test('has the names of its file, or those that json_name gives', () => {
    const text = schema('string message_id = 1 [json_name = "messageId"]; string order_id = 2;');
    expect(read(text, written(text, { message_id: 'm', order_id: 'o' }))).toEqual({ messageId: 'm', order_id: 'o' });
  });

  test('has one member of a oneof, the last that was written', () => {
    const text = schema('oneof c { int32 x = 1; string y = 2; }');
    expect(read(text, Buffer.from([8, 5, 18, 1, 65]))).toEqual({ y: 'A' });
  });

  test('is found by its place in the file, within others, or by its name', () => {
    const text = schema('message Line { int32 n = 1; } int32 a = 1;').concat('message Refund { int32 r = 1; }');
    expect(read(text, Buffer.from([8, 5]), [1])).toEqual({ r: 5 });
    expect(read(text, Buffer.from([8, 5]), [0, 0])).toEqual({ n: 5 });
    expect(read(text, Buffer.from([8, 5]), 'Refund')).toEqual({ r: 5 });
    expect(codeThrown(() => read(text, Buffer.from([8, 5]), [9]))).toBe('SCHEMA_MISMATCH');
  });

  test('may hold itself', () => {
    const text = 'syntax = "proto3"; message A { A a = 1; int32 n = 2; }';
    expect(read(text, written(text, { a: { n: 1 } }, 'A'))).toEqual({ a: { n: 1 }, n: 0 });
  });

  test('of an imported file is known', () => {
    const money = {
      name: 'shop/money.proto',
      text: 'syntax = "proto3"; package shop; message Money { int32 cents = 1; }',
    };
    const text = 'syntax = "proto3"; package shop; import "shop/money.proto"; message Order { Money total = 1; }';
    const { reader } = compileProto([money, { name: '', text }]);
    expect(reader([0])(cursorOf(Buffer.from([10, 2, 8, 5]), 0), 4)).toEqual({ total: { cents: 5 } });
  });

  test('is read where several files import the same of Protobuf, or a writer has registered that, too', () => {
    const timestamp = {
      name: 'google/protobuf/timestamp.proto',
      text: 'syntax = "proto3"; package google.protobuf; message Timestamp { int64 seconds = 1; int32 nanos = 2; }',
    };
    const imported = 'import "google/protobuf/timestamp.proto";';
    const item = {
      name: 'item.proto',
      text: `syntax = "proto3"; ${imported} message Item { google.protobuf.Timestamp at = 1; }`,
    };
    const text = `syntax = "proto3"; ${imported} import "item.proto"; message Order { Item item = 1; google.protobuf.Timestamp at = 2; }`;
    const bytes = Buffer.from([10, 2, 10, 0, 18, 2, 8, 5]);
    const expected = { item: { at: '1970-01-01T00:00:00.000Z' }, at: '1970-01-01T00:00:05.000Z' };
    for (const references of [[item], [timestamp, item]]) {
      const read = compileProto([...references, { name: '', text }]).reader([0]);
      expect(read(cursorOf(bytes, 0), bytes.length)).toEqual(expected);
    }
  });

  test('is read where its file or an imported one defines options', () => {
    const option = 'extend google.protobuf.FieldOptions { Rules rules = 50001; }';
    const rules = {
      name: 'rules.proto',
      text: `syntax = "proto3"; package rules; import "google/protobuf/descriptor.proto"; message Rules { bool email = 1; google.protobuf.FieldDescriptorProto.Type type = 2; } ${option}`,
    };
    const text =
      'syntax = "proto3"; import "rules.proto"; import "google/protobuf/descriptor.proto"; extend google.protobuf.FieldOptions { string pii = 50002; } message A { string em = 1 [(pii) = "yes", (rules.rules).email = true]; }';
    const bytes = Buffer.from([10, 1, 65]);
    expect(compileProto([rules, { name: '', text }]).reader('A')(cursorOf(bytes, 0), 3)).toEqual({ em: 'A' });
  });

  test.each([
    ['confluent/type/decimal.proto', 'confluent.type.Decimal', [10, 2, 7, 0xcf, 16, 9, 24, 2], '19.99'],
    ['confluent/type/decimal.proto', 'confluent.type.Decimal', [10, 1, 0xff, 24, 3], '-0.001'],
    ['google/type/date.proto', 'google.type.Date', [8, 0xea, 15, 16, 5, 24, 6], { year: 2026, month: 5, day: 6 }],
    ['google/type/money.proto', 'google.type.Money', [10, 1, 65, 16, 5], { currency_code: 'A', units: 5, nanos: 0 }],
    ['google/type/timeofday.proto', 'google.type.TimeOfDay', [8, 7], { hours: 7, minutes: 0, seconds: 0, nanos: 0 }],
    ['google/type/datetime.proto', 'google.type.DateTime', [66, 2, 8, 5], { year: 0, utc_offset: '5s' }],
    ['google/type/dayofweek.proto', 'google.type.DayOfWeek', undefined, 'TUESDAY'],
    ['google/type/latlng.proto', 'google.type.LatLng', [], { latitude: 0, longitude: 0 }],
    ['google/type/phone_number.proto', 'google.type.PhoneNumber', [10, 1, 65], { e164_number: 'A', extension: '' }],
    ['google/type/postal_address.proto', 'google.type.PostalAddress', [34, 1, 65], { postal_code: 'A' }],
    ['google/type/calendar_period.proto', 'google.type.CalendarPeriod', undefined, 'WEEK'],
    ['google/type/color.proto', 'google.type.Color', [34, 0], { red: 0, alpha: 0 }],
    ['google/type/expr.proto', 'google.type.Expr', [10, 1, 65], { expression: 'A' }],
    ['google/type/fraction.proto', 'google.type.Fraction', [8, 1, 16, 2], { numerator: 1, denominator: 2 }],
    ['google/type/interval.proto', 'google.type.Interval', [10, 0], { start_time: '1970-01-01T00:00:00.000Z' }],
    ['google/type/month.proto', 'google.type.Month', undefined, 'FEBRUARY'],
    ['google/type/quaternion.proto', 'google.type.Quaternion', [], { x: 0, y: 0, z: 0, w: 0 }],
    ['google/protobuf/source_context.proto', 'google.protobuf.SourceContext', [10, 1, 65], { file_name: 'A' }],
    ['google/type/decimal.proto', 'google.type.Decimal', [10, 1, 65], { value: 'A' }],
  ])('knows %s, which writers import and do not register', (file, type, message, expected) => {
    const text = `syntax = "proto3"; import "${file}"; message A { ${type} v = 1; }`;
    const bytes = Buffer.from(message === undefined ? [8, 2] : [10, message.length, ...message]);
    const read = compileProto([{ name: '', text }]).reader('A')(cursorOf(bytes, 0), bytes.length);
    expect(read).toEqual({ v: typeof expected === 'string' ? expected : expect.objectContaining(expected) });
  });

  test('of a newer writer is read without what the schema lacks', () => {
    const text = schema('int32 n = 1;');
    const bytes = Buffer.from([16, 1, 26, 1, 65, 37, 0, 0, 0, 0, 41, 0, 0, 0, 0, 0, 0, 0, 0, 8, 5]);
    expect(read(text, bytes)).toEqual({ n: 5 });
  });
});

describe('bytes that are no message of the schema', () => {
  const text =
    'syntax = "proto3"; message A { A a = 1; int32 n = 2; string s = 3; repeated fixed32 l = 4; map<int32, int32> m = 5; }';
  const nested = (levels: number): Buffer => {
    let inner = Buffer.alloc(0);
    for (let level = 0; level < levels; level++) {
      const length = inner.length < 128 ? [inner.length] : [(inner.length & 0x7f) | 0x80, inner.length >> 7];
      inner = Buffer.from([10, ...length, ...inner]);
    }
    return inner;
  };

  test.each([
    ['a text that is cut off', Buffer.from([26, 9, 65]), 'SCHEMA_MISMATCH'],
    ['a field of another type', Buffer.from([18, 1, 65]), 'SCHEMA_MISMATCH'],
    ['a field with the number 0', Buffer.from([0, 1]), 'SCHEMA_MISMATCH'],
    ['a group', Buffer.from([0x7b]), 'SCHEMA_MISMATCH'],
    ['a message that is longer than its place', Buffer.from([10, 1, 26, 9]), 'SCHEMA_MISMATCH'],
    ['an entry of a map that is longer than it says', Buffer.from([42, 3, 8, 1, 16, 5, 16, 7]), 'SCHEMA_MISMATCH'],
    ['a packed list that ends within an item', Buffer.from([34, 3, 1, 2, 3, 0]), 'SCHEMA_MISMATCH'],
    ['a length of 2^40', Buffer.from([26, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]), 'SCHEMA_MISMATCH'],
    ['a text that is not UTF-8', Buffer.from([26, 1, 0xff]), 'SCHEMA_MISMATCH'],
    ['1,500 levels', nested(1500), 'TOO_DEEP'],
  ])('%s', (_name, bytes, code) => {
    expect(codeThrown(() => read(text, bytes))).toBe(code);
  });
});

test('a message of a few bytes may not stand for millions of members', () => {
  const fields = Array.from({ length: 1000 }, (_, at) => `int32 f${at} = ${at + 1};`).join(' ');
  const text = `syntax = "proto3"; message A { repeated Wide l = 1; } message Wide { ${fields} }`;
  const empty = (count: number) => Buffer.alloc(2 * count).fill(Buffer.from([10, 0]));
  expect(read(text, empty(2))).toHaveProperty('l.length', 2);
  expect(codeThrown(() => read(text, empty(2000)))).toBe('TOO_MANY_MEMBERS');
});

describe('a schema that can not be used', () => {
  test.each([
    ['no text of Protobuf', '<html>'],
    ['a type that it does not define', 'syntax = "proto3"; message A { B b = 1; }'],
  ])('%s', (_name, text) => {
    expect(codeThrown(() => compileProto([{ name: '', text }]).reader([0]))).toBe('SCHEMA_INVALID');
  });
});

test('a record that does not say its message is read where the file has one, and refused where it has several', () => {
  const one = 'syntax = "proto3"; message Order { string id = 1; }';
  const several = `${one} message Refund { string id = 1; }`;
  const bytes = Buffer.from([0x0a, 1, 0x61]);
  const read = (text: string) => compileProto([{ name: '', text }]).reader(undefined)(cursorOf(bytes, 0), bytes.length);
  expect(read(one)).toEqual({ id: 'a' });
  expect(codeThrown(() => read(several))).toBe('SCHEMA_MISMATCH');
});
