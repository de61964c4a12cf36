import { describe, expect, test } from 'vitest';
import { connectPayload } from '../../src/formats/connect-json.ts';
import { decode, type DecodeOptions } from '../../src/pipeline/route/decode.ts';

const field = (name: string, type: string, more: object = {}) => ({ field: name, type, optional: true, ...more });
const int64 = (name: string) => ({ type: 'int64', name });

describe('what Kafka Connect writes as JSON with its schema', () => {
  test.each([
    ['io.debezium.time.Date', 'int32', 20_579, '2026-05-06'],
    ['io.debezium.time.Time', 'int32', 1, '00:00:00.001'],
    ['io.debezium.time.MicroTime', 'int64', 25_689_123_456, '07:08:09.123456'],
    ['io.debezium.time.NanoTime', 'int64', 25_689_123_456_789, '07:08:09.123456789'],
    ['io.debezium.time.Timestamp', 'int64', 1_778_051_289_123, '2026-05-06T07:08:09.123Z'],
    ['io.debezium.time.MicroTimestamp', 'int64', 1_778_051_289_123_456, '2026-05-06T07:08:09.123456Z'],
    ['io.debezium.time.NanoTimestamp', 'int64', '1778051289123456789', '2026-05-06T07:08:09.123456789Z'],
    ['io.debezium.time.ZonedTimestamp', 'string', '2026-05-06T07:08:09Z', '2026-05-06T07:08:09Z'],
    ['org.apache.kafka.connect.data.Timestamp', 'int64', 1_778_051_289_123, '2026-05-06T07:08:09.123Z'],
    ['org.apache.kafka.connect.data.Date', 'int32', 20_579, '2026-05-06'],
    ['org.apache.kafka.connect.data.Time', 'int32', 1, '00:00:00.001'],
    ['io.debezium.data.Enum', 'string', 'SALE', 'SALE'],
    ['com.example.Unknown', 'int64', 7, 7],
    [undefined, 'int64', 7, 7],
  ])('%s (%s) %s is %s', (name, type, value, expected) => {
    expect(connectPayload({ type, name }, value)).toBe(expected);
  });

  test('is a decimal as text without loss, of a scale of the column or of the row', () => {
    const decimal = { type: 'bytes', name: 'org.apache.kafka.connect.data.Decimal', parameters: { scale: '2' } };
    expect(connectPayload(decimal, Buffer.from('07cf', 'hex').toString('base64'))).toBe('19.99');
    const digits = 99_999_999_999_999_999_999_999_999_999_999_999_999n;
    const bytes = Buffer.from(`00${digits.toString(16).padStart(32, '0')}`, 'hex').toString('base64');
    expect(connectPayload(decimal, bytes)).toBe('999999999999999999999999999999999999.99');
    // decimal.format=NUMERIC
    expect(connectPayload(decimal, 19.99)).toBe(19.99);
    const variable = { type: 'struct', name: 'io.debezium.data.VariableScaleDecimal', fields: [] };
    expect(connectPayload(variable, { scale: 3, value: Buffer.from('07cf', 'hex').toString('base64') })).toBe('1.999');
    expect(connectPayload(decimal, '__debezium_unavailable_value')).toBe('__debezium_unavailable_value');
  });

  test('keeps nulls, what no schema speaks of, and lists and maps of typed values', () => {
    const date = { type: 'int32', name: 'io.debezium.time.Date' };
    const schema = {
      type: 'struct',
      fields: [
        field('days', 'array', { items: date }),
        field('byName', 'map', { keys: { type: 'string' }, values: date }),
        field('none', 'int32', { name: 'io.debezium.time.Date' }),
        field('absent', 'int32'),
      ],
    };
    expect(connectPayload(schema, { days: [0, 1], byName: { a: 1 }, none: null, more: 1 })).toEqual({
      days: ['1970-01-01', '1970-01-02'],
      byName: { a: '1970-01-02' },
      none: null,
      more: 1,
    });
    expect(connectPayload('nonsense', { a: 1 })).toEqual({ a: 1 });
    expect(connectPayload({ type: 'struct' }, 7)).toBe(7);
  });
});

describe('a change of a row of Debezium in JSON with its schema', () => {
  const row = [
    field('id', 'int64'),
    field('paid_at', 'int64', int64('io.debezium.time.NanoTimestamp')),
    field('total', 'bytes', { name: 'org.apache.kafka.connect.data.Decimal', parameters: { scale: '2' } }),
    field('note', 'string'),
  ];
  const schema = { type: 'struct', fields: [field('after', 'struct', { fields: row }), field('op', 'string')] };
  const payload =
    '{"op":"c","after":{"id":9223372036854775807,"paid_at":1778051289123456789,"total":"B88=","note":"__debezium_unavailable_value"}}';
  const text = `{"schema":${JSON.stringify(schema)},"payload":${payload}}`;
  const expected = { id: '9223372036854775807', paid_at: '2026-05-06T07:08:09.123456789Z', total: '19.99' };

  test.each([
    ['debezium', []],
    ['debezium', ['payload']],
    ['rows', ['payload', 'after']],
  ] as const)('has exact values as records of %s in %j', (records, envelope) => {
    const options: DecodeOptions = { envelope, records, connectPayload, maxRecordBytes: 10_000 };
    const decoded = decode(Buffer.from(text), options);
    expect(decoded.kind === 'event' && decoded.event['properties']).toEqual(expected);
  });
});
