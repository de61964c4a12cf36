import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import avro from 'avsc';
import { afterAll, describe, expect, test } from 'vitest';
import { readRecords } from '../../src/file/table-rows.ts';
import { createFileSource } from '../../src/file/source.ts';
import { block, header as headerOf, number } from '../support/avro-container.ts';
import { readToEnd } from './recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'avro-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const order: avro.Schema = {
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'string' },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
  ],
};
const type = avro.Type.forSchema(order);
const orderBytes = (index: number) => type.toBuffer({ id: `o-${index}`, at: index });
const jsonOf = (index: number) => ({ id: `o-${index}`, at: new Date(index).toISOString() });

const header = (codec: string, schema: unknown = order) => headerOf(codec, schema);

let files = 0;

function written(...parts: readonly Buffer[]): string {
  const path = join(folder, `orders-${files++}.avro`);
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

async function recordsOf(path: string, from = 0) {
  const found: { offset: number; next: number; value: unknown }[] = [];
  for await (const { offset, next, value } of readRecords(path, from)) {
    found.push({ offset, next, value: JSON.parse(value.toString()) });
  }
  return found;
}

const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);
const blocks = (codec: string, count: number, size: number) =>
  indexes(Math.ceil(count / size)).map((at) =>
    block(
      codec,
      indexes(Math.min(size, count - at * size)).map((index) => orderBytes(at * size + index)),
    ),
  );

describe('an Avro container file', () => {
  test.each(['null', 'deflate', 'snappy', 'zstandard'])(
    'of codec %s has its values as JSON, each at a place of its own',
    async (codec) => {
      const path = written(header(codec), ...blocks(codec, 25, 10));
      const records = await recordsOf(path);
      expect(records.map(({ value }) => value)).toEqual(indexes(25).map(jsonOf));
      for (const [index, { offset, next }] of records.entries()) {
        expect(next).toBeGreaterThan(offset);
        expect(next).toBeLessThanOrEqual(records[index + 1]?.offset ?? readFileSync(path).length);
      }
      expect(records.at(-1)?.next).toBe(readFileSync(path).length);
    },
  );

  test('that another program wrote is read', async () => {
    const path = join(folder, 'avsc.avro');
    const encoder = avro.createFileEncoder(path, order, { codec: 'deflate', blockSize: 200 });
    for (const index of indexes(300)) encoder.write({ id: `o-${index}`, at: index });
    encoder.end();
    await new Promise((resolve) => encoder.on('finish', resolve));
    await expect.poll(async () => (await recordsOf(path)).map(({ value }) => value)).toEqual(indexes(300).map(jsonOf));
  });

  test('is read on from every place, in any block', async () => {
    const path = written(header('deflate'), ...blocks('deflate', 25, 10));
    const all = await recordsOf(path);
    for (const [index, { offset }] of all.entries()) expect(await recordsOf(path, offset)).toEqual(all.slice(index));
    expect(await recordsOf(path, readFileSync(path).length)).toEqual([]);
  });

  test('has several values in one record where a block has fewer bytes than values', async () => {
    const one = avro.Type.forSchema('boolean').toBuffer(true);
    const path = written(header('deflate', 'boolean'), block('deflate', Array<Buffer>(100_000).fill(one)));
    const records = await recordsOf(path);
    expect(records.flatMap(({ value }) => value)).toHaveLength(100_000);
    expect(new Set(records.map(({ offset }) => offset)).size).toBe(records.length);
    expect(await recordsOf(path, records[7]?.offset)).toEqual(records.slice(7));
  });

  test('is a source, which goes on behind what was committed, also when the file has grown', async () => {
    const path = written(header('null'), ...blocks('null', 25, 10));
    const first = createFileSource(path, { chunkBytes: 64 });
    const seen = await readToEnd(first);
    const records = seen.batches.flatMap((batch) => batch.records);
    expect(records.map(({ value }) => JSON.parse(String(value)))).toEqual(indexes(25).map(jsonOf));
    await first.commit([{ topic: records[0]?.topic ?? '', partition: 0, epoch: 1, offset: records[12]?.next ?? 0 }]);
    await first.stop();
    appendFileSync(path, block('null', [orderBytes(25)]));
    const second = createFileSource(path);
    const again = (await readToEnd(second)).batches.flatMap((batch) => batch.records);
    expect(again.map(({ value }) => JSON.parse(String(value)))).toEqual(indexes(26).slice(13).map(jsonOf));
    await second.stop();
  });
});

describe('a broken Avro container file is refused, after what can be read of it', () => {
  const good = block('null', [orderBytes(0)]);

  test.each([
    ['text', [Buffer.from('{"type":"track"}\n')], 'FILE_NOT_AVRO', 0],
    ['an unknown codec', [header('bzip2'), good], 'FILE_NOT_AVRO', 0],
    ['a schema that is none', [header('null', { type: 'nothing' }), good], 'FILE_NOT_AVRO', 0],
    ['a header that is cut off', [header('null').subarray(0, 60)], 'FILE_NOT_AVRO', 0],
    [
      'a block that claims 2^31 values',
      [header('null'), good, block('null', [orderBytes(1)], 2 ** 31)],
      'AVRO_FILE_BROKEN',
      1,
    ],
    ['a block of 2^40 bytes', [header('null'), good, number(1), number(2 ** 40)], 'AVRO_FILE_BROKEN', 1],
    ['a block of fewer than no bytes', [header('null'), good, number(1), number(-5)], 'AVRO_FILE_BROKEN', 1],
    ['another marker', [header('null'), good, good.subarray(0, -1), Buffer.from([1])], 'AVRO_FILE_BROKEN', 1],
    ['values that do not fit', [header('null'), good, block('null', [Buffer.from([200])])], 'AVRO_FILE_BROKEN', 1],
    [
      'bytes behind the values',
      [header('null'), good, block('null', [orderBytes(1), orderBytes(2)], 1)],
      'AVRO_FILE_BROKEN',
      1,
    ],
    ['what is not compressed', [header('deflate'), block('deflate', [orderBytes(0)]), good], 'AVRO_FILE_BROKEN', 1],
    [
      'a bomb',
      [header('deflate'), block('deflate', [orderBytes(0)]), block('deflate', [Buffer.alloc(40_000_000)])],
      'AVRO_FILE_BROKEN',
      1,
    ],
  ] as const)('%s', async (_name, parts, code, readable) => {
    const path = written(...parts);
    const read: unknown[] = [];
    const reading = async () => {
      for await (const { value } of readRecords(path)) read.push(JSON.parse(value.toString()));
    };
    const fix = code === 'FILE_NOT_AVRO' ? 'Name an object container file' : 'run again when the file is whole';
    await expect(reading()).rejects.toMatchObject({ code, message: expect.stringContaining(fix) });
    expect(read).toHaveLength(readable);
  });

  test('one that ends within a block', async () => {
    const path = written(header('null'), good, good);
    truncateSync(path, readFileSync(path).length - 3);
    await expect(recordsOf(path)).rejects.toMatchObject({ code: 'AVRO_FILE_BROKEN' });
  });
});
