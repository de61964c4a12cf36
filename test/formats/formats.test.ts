import { gzipSync, zstdCompressSync } from 'node:zlib';
import avro from 'avsc';
import { afterEach, describe, expect, test } from 'vitest';
import type { RecordHeaders } from '../../src/core/record.ts';
import type { TopicSettings } from '../../src/core/topic-settings.ts';
import { createFormats, type Formats } from '../../src/formats/formats.ts';
import { createRegistryClient } from '../../src/formats/registry/client.ts';
import { createSchemas } from '../../src/formats/schemas.ts';
import { registryServer, type RegistryServer, type ServedSchema } from '../support/registry-server.ts';

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const order: avro.Schema = { type: 'record', name: 'Order', fields: [{ name: 'id', type: 'string' }] };
const proto = 'syntax = "proto3"; message Line { int32 n = 1; } message Order { string id = 1; }';
const schemas: Readonly<Record<string, ServedSchema>> = {
  '/schemas/ids/1': { schema: JSON.stringify(order) },
  '/schemas/ids/2': { schema: proto, schemaType: 'PROTOBUF' },
  '/schemas/ids/3': { schema: '{"type":"object"}', schemaType: 'JSON' },
  '/schemas/ids/4': { schema: '{"type":"record","name":"A","fields":[{"name":"a","type":"A"}]}' },
  '/schemas/ids/5': { schema: 'x', schemaType: 'THRIFT' },
  '/schemas/ids/6': {
    schema: '{"type":"record","name":"O","fields":[{"name":"total","type":"shop.Money"}]}',
    references: [{ name: 'shop.Money', subject: 'money', version: 3 }],
  },
  // A registry gives what was deleted only to who asks for that, too.
  '/subjects/money/versions/3?deleted=true': {
    schema: '{"type":"record","name":"Money","namespace":"shop","fields":[{"name":"cents","type":"int"}]}',
  },
  '/schemas/ids/7': { schema: '"int"', references: [{ name: 'a', subject: 'loop', version: 1 }] },
  '/subjects/loop/versions/1?deleted=true': {
    schema: '"int"',
    references: [{ name: 'b', subject: 'loop', version: 1 }],
  },
  '/schemas/ids/8': { schema: '"int"', references: [{ name: 'a', subject: 'gone', version: 1 }] },
  '/schemas/guids/00112233-4455-6677-8899-aabbccddeeff': { schema: JSON.stringify(order) },
};

const value = avro.Type.forSchema(order).toBuffer({ id: 'o-1' });
const framed = (id: number, payload: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, 0, id]), payload]);

/** A clock whose sleeps end at once, after letting others go on. */
const clock = { now: () => 0, monotonic: () => 0, sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) };

interface Setup {
  readonly registry: RegistryServer;
  readonly formats: Formats;
  readonly warnings: string[];
  away(): string | undefined;
  read(bytes: Buffer, headers?: RecordHeaders): Promise<unknown>;
  readKey(bytes: Buffer, headers?: RecordHeaders): Promise<unknown>;
}

async function setUp(settings: Partial<TopicSettings>, authorization?: () => string): Promise<Setup> {
  const registry = await registryServer(schemas);
  cleanups.push(registry.close);
  const warnings: string[] = [];
  const access = { url: registry.url, fetch, ...(authorization !== undefined && { authorization }) };
  const known = createSchemas(createRegistryClient(access), clock, (code) => warnings.push(code));
  const own: TopicSettings = { format: 'auto', records: 'events', envelope: [], ...settings };
  const topics = { of: (topic: string) => (topic === 'orders' ? own : undefined), needsRegistry: true };
  const formats = createFormats({ topics, schemas: known, maxRecordBytes: 1_000_000 });
  return {
    registry,
    formats,
    warnings,
    away: () => known.away()?.code,
    async read(bytes, headers) {
      const record = { topic: 'orders', value: bytes, headers };
      await formats.prepare([record], new AbortController().signal);
      const read = formats.readerOf('orders')?.(bytes, record);
      if (read?.kind === 'value') return read.value;
      return read?.kind === 'failed' ? read.failure.code : read?.bytes.toString();
    },
    async readKey(key, headers) {
      const record = { topic: 'orders', key, value: null, headers };
      await formats.prepare([record], new AbortController().signal);
      const read = formats.keyReaderOf('orders')?.(key, record);
      return read?.kind === 'failed' ? read.failure.code : read?.value;
    },
  };
}

describe('a key', () => {
  test('of Avro is read by its schema, which is fetched before', async () => {
    const { readKey, registry } = await setUp({ format: 'json', key: 'avro' });
    expect(await readKey(framed(1, value))).toEqual({ id: 'o-1' });
    expect(registry.asked).toEqual(['/schemas/ids/1']);
    const guid = Buffer.from('0100112233445566778899aabbccddeeff', 'hex');
    expect(await readKey(value, { __key_schema_id: guid })).toEqual({ id: 'o-1' });
    expect(await readKey(Buffer.from('plain'))).toBe('WRONG_MAGIC_BYTE');
    expect(await readKey(framed(99, value))).toBe('SCHEMA_UNKNOWN');
    expect(await readKey(framed(2, value))).toBe('SCHEMA_MISMATCH');
  });

  test('of JSON is read with every digit, in the frame of a registry, and out of what Connect puts around it', async () => {
    const { readKey } = await setUp({ format: 'json', key: 'json' });
    expect(await readKey(Buffer.from('{"id":9223372036854775807}'))).toEqual({ id: '9223372036854775807' });
    expect(await readKey(Buffer.from('9007199254740993'))).toBe('9007199254740993');
    expect(await readKey(framed(3, Buffer.from('{"id":1}')))).toEqual({ id: 1 });
    const schema = { type: 'struct', fields: [{ field: 'day', type: 'int32', name: 'io.debezium.time.Date' }] };
    expect(await readKey(Buffer.from(JSON.stringify({ schema, payload: { day: 1 } })))).toEqual({ day: '1970-01-02' });
    expect(await readKey(Buffer.from('{'))).toBe('KEY_UNREADABLE');
    expect(await readKey(Buffer.from([0x22, 0xff, 0x22]))).toBe('KEY_UNREADABLE');
  });

  test('of text needs no reader', async () => {
    expect((await setUp({ key: 'text' })).formats.keyReaderOf('orders')).toBeUndefined();
  });
});

describe('a value with the id of its schema', () => {
  test('is read by it: Avro, Protobuf, JSON Schema', async () => {
    const { read } = await setUp({});
    expect(await read(framed(1, value))).toEqual({ id: 'o-1' });
    expect(await read(framed(2, Buffer.from([2, 2, 10, 1, 65])))).toEqual({ id: 'A' });
    expect(await read(framed(2, Buffer.from([0, 8, 7])))).toEqual({ n: 7 });
    expect(await read(framed(3, Buffer.from('{"a":1}')))).toBe('{"a":1}');
    expect(await read(Buffer.from('{"a":1}'))).toBe('{"a":1}');
  });

  test('may have the id in a header', async () => {
    const { read } = await setUp({});
    const guid = Buffer.from('0100112233445566778899aabbccddeeff', 'hex');
    expect(await read(value, { __value_schema_id: guid })).toEqual({ id: 'o-1' });
    expect(await read(value, { 'apicurio.value.contentId': Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]) })).toEqual({
      id: 'o-1',
    });
    expect(await read(value, { __value_schema_id: Buffer.from([2]) })).toBe('WRONG_MAGIC_BYTE');
    expect(await read(value, { 'apicurio.value.globalId': Buffer.from([1]) })).toBe('FRAME_TRUNCATED');
  });

  test('is read by a schema that refers to others', async () => {
    const { read } = await setUp({});
    expect(await read(framed(6, Buffer.from([8])))).toEqual({ total: { cents: 4 } });
  });

  test('asks once for a schema, however many records and partitions want it', async () => {
    const { formats, read, registry } = await setUp({});
    const record = { topic: 'orders', value: framed(1, value), headers: undefined };
    const signal = new AbortController().signal;
    await Promise.all([formats.prepare([record, record], signal), formats.prepare([record], signal)]);
    expect(formats.prepare([record], signal)).toBeUndefined();
    await read(framed(1, value));
    expect(registry.asked).toEqual(['/schemas/ids/1']);
  });

  test('asks with the authorization of now', async () => {
    let token = 'a';
    const { read, registry } = await setUp({}, () => `Bearer ${token}`);
    await read(framed(1, value));
    token = 'b';
    await read(framed(3, Buffer.from('{}')));
    expect(registry.asked).toEqual(['/schemas/ids/1 Bearer a', '/schemas/ids/3 Bearer b']);
  });

  test('is decompressed before', async () => {
    expect(await (await setUp({ compression: 'gzip' })).read(gzipSync(framed(1, value)))).toEqual({ id: 'o-1' });
    expect(await (await setUp({ compression: 'zstd', format: 'json' })).read(zstdCompressSync(Buffer.from('{}')))).toBe(
      '{}',
    );
  });
});

describe('a value that can not be read', () => {
  test.each([
    ['an id that nobody knows', {}, framed(99, value), 'SCHEMA_UNKNOWN'],
    ['bytes that do not fit', {}, framed(1, Buffer.from([200])), 'SCHEMA_MISMATCH'],
    ['bytes behind the value', {}, framed(1, Buffer.concat([value, value])), 'SCHEMA_MISMATCH'],
    ['a message that the file lacks', {}, framed(2, Buffer.from([2, 20, 1])), 'SCHEMA_MISMATCH'],
    ['a schema of another kind', { format: 'avro' }, framed(2, Buffer.from([0])), 'SCHEMA_MISMATCH'],
    ['a schema of a kind nobody reads', {}, framed(5, value), 'SCHEMA_INVALID'],
    ['a schema without an end', {}, framed(4, value), 'SCHEMA_CYCLIC'],
    ['references that lead back', {}, framed(7, value), 'SCHEMA_CYCLIC'],
    ['a reference to nothing', {}, framed(8, value), 'SCHEMA_INVALID'],
    ['an id that is cut off', {}, Buffer.from([0, 0, 0]), 'FRAME_TRUNCATED'],
    ['eight bytes that are cut off', {}, Buffer.from([0, 0, 0, 0, 0, 1]), 'FRAME_TRUNCATED'],
    ['no frame at all', { format: 'avro' }, value, 'WRONG_MAGIC_BYTE'],
    ['the frame of AWS Glue', {}, Buffer.concat([Buffer.from([3, 0]), Buffer.alloc(20)]), 'GLUE_FRAMING'],
    ['what is not compressed', { compression: 'gzip' }, value, 'NOT_COMPRESSED'],
    ['a bomb', { compression: 'gzip', format: 'json' }, gzipSync(Buffer.alloc(50_000_000)), 'RECORD_TOO_LARGE'],
  ] as const)('%s', async (_name, settings, bytes, code) => {
    expect(await (await setUp(settings)).read(bytes)).toBe(code);
  });

  test('says the id and the subject, and nothing of the value', async () => {
    const { formats, read } = await setUp({});
    await read(framed(99, value));
    const record = { topic: 'orders', value: framed(99, value), headers: undefined };
    expect(formats.readerOf('orders')?.(record.value, record)).toEqual({
      kind: 'failed',
      failure: {
        code: 'SCHEMA_UNKNOWN',
        message: 'the registry does not know the schema of the record (schema id 99, subject orders-value)',
      },
    });
  });
});

test('an id that no registry can have is not asked for', async () => {
  const { registry, read } = await setUp({});
  expect(await read(Buffer.concat([Buffer.from([0, 0x80, 0, 0, 0]), value]))).toBe('SCHEMA_UNKNOWN');
  expect(registry.asked).toEqual([]);
});

test.each([
  ['AVRO', JSON.stringify(order)],
  ['AVRO', '["null","string"]'],
  ['AVRO', '"string"'],
  ['JSON', '{"type":"object"}'],
  ['JSON', '{}'],
  ['PROTOBUF', proto],
])('a schema by an id of eight bytes is of the kind that it looks like: %s, %s', async (type, text) => {
  const registry = await registryServer({});
  cleanups.push(registry.close);
  registry.answer = ({ url }, response) => {
    const isReferences = url === '/apis/registry/v2/ids/globalIds/7/references';
    response.end(isReferences ? '[]' : url === '/apis/registry/v2/ids/globalIds/7' ? text : undefined);
  };
  const client = createRegistryClient({ url: `${registry.url}/apis/ccompat/v7`, fetch });
  const found = await client.fetch({ kind: 'globalId', value: '7' }, new AbortController().signal);
  expect(found).toEqual({ kind: 'found', schema: { type, text, references: [] } });
});

test('an id of eight bytes is unknown to a registry that has none, and waits where there is no registry', async () => {
  const bytes = Buffer.alloc(12);
  const { registry, read, warnings } = await setUp({});
  expect(await read(bytes)).toBe('SCHEMA_UNKNOWN');
  const other = await setUp({});
  other.registry.answer = (_request, response) => response.writeHead(404).end('{"error_code":404}');
  const reading = other.read(bytes);
  await expect.poll(() => other.warnings).toEqual(['REGISTRY_ANSWER_INVALID']);
  other.registry.answer = undefined;
  expect(await reading).toBe('SCHEMA_UNKNOWN');
  expect([registry.asked.length, warnings]).toEqual([1, []]);
});

test('records of many schemas that nobody knows wait once, however long it takes to ask for them', async () => {
  let now = 0;
  const registry = {
    async fetch() {
      now += 10_000;
      return { kind: 'unknown' as const };
    },
  };
  const settings: TopicSettings = { format: 'avro', records: 'events', envelope: [] };
  const formats = createFormats({
    topics: { of: () => settings, needsRegistry: true },
    schemas: createSchemas(registry, { ...clock, monotonic: () => now }, () => undefined),
    maxRecordBytes: 1_000_000,
  });
  const records = Array.from({ length: 20 }, (_, id) => ({
    topic: 't',
    value: framed(id + 1, value),
    headers: undefined,
  }));
  await formats.prepare(records, new AbortController().signal);
  expect(formats.prepare(records, new AbortController().signal)).toBeUndefined();
  now += 60_000;
  // Who only looks whether something is missing changes nothing.
  expect(formats.prepare(records, AbortSignal.abort())).toBeDefined();
  expect(formats.prepare(records, AbortSignal.abort())).toBeDefined();
});

describe('while the registry does not answer', () => {
  const html = '<html>log in</html>';

  test.each([
    ['a page', 'REGISTRY_ANSWER_INVALID', 200, html],
    ['a page that is not found', 'REGISTRY_ANSWER_INVALID', 404, html],
    ['a gateway that knows no such page', 'REGISTRY_ANSWER_INVALID', 404, '{"message":"no Route matched"}'],
    ['JSON without a schema', 'REGISTRY_ANSWER_INVALID', 200, '{}'],
    ['more than any schema has', 'REGISTRY_ANSWER_INVALID', 200, `{"schema":"${'x'.repeat(5_000_000)}"}`],
    ['no access', 'REGISTRY_REFUSED', 401, '{}'],
    ['an error of its own', 'REGISTRY_FAILED', 500, '{"error_code":50001}'],
    ['a redirect', 'REGISTRY_UNREACHABLE', 302, ''],
  ])('%s makes records wait, and they are read when it does', async (_name, code, status, body) => {
    const { registry, read, away, warnings } = await setUp({});
    registry.answer = (_request, response) => {
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end(body);
    };
    const reading = read(framed(1, value));
    await expect.poll(() => warnings).toEqual([code]);
    expect(away()).toBe(code);
    registry.answer = undefined;
    expect(await reading).toEqual({ id: 'o-1' });
    expect(away()).toBeUndefined();
    expect(registry.asked.length).toBeGreaterThan(1);
  });
});
