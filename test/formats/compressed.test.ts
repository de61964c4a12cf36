import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createDecompressor } from '../../src/formats/compressed.ts';

const value = gzipSync(Buffer.alloc(600, 'a'));
const other = gzipSync(Buffer.alloc(600, 'b'));

test('a value that was looked at is not decompressed again to be read', () => {
  const { peek, read } = createDecompressor(1000);
  const seen = peek(value, 'gzip');
  expect(read(value, 'gzip')).toBe(seen);
  // Read twice it is decompressed twice: nothing is kept of what was read.
  expect(read(value, 'gzip')).not.toBe(seen);
  expect(read(value, 'gzip')).toEqual(seen);
});

test('as much is kept as one record may have, and nothing beyond the next batch', () => {
  const { begin, peek, read } = createDecompressor(1000);
  const [seen, tooMuch] = [peek(value, 'gzip'), peek(other, 'gzip')];
  expect(read(other, 'gzip')).not.toBe(tooMuch);
  expect(read(other, 'gzip')).toEqual(tooMuch);
  begin();
  expect(read(value, 'gzip')).not.toBe(seen);
  const again = peek(other, 'gzip');
  expect(read(other, 'gzip')).toBe(again);
});

test('a value of several zstd frames is read whole, unless there is something else behind them, or they are too many', () => {
  const { read } = createDecompressor(1000);
  const frame = zstdCompressSync(Buffer.from('{}'));
  const frames = (count: number) => Buffer.concat(Array<Buffer>(count).fill(frame));
  expect(read(frames(2), 'zstd')).toEqual(Buffer.from('{}{}'));
  const failed = (code: string) => ({ kind: 'failed', failure: { code } });
  expect(read(Buffer.concat([frame, Buffer.from('…')]), 'zstd')).toMatchObject(failed('NOT_COMPRESSED'));
  expect(read(Buffer.alloc(0), 'zstd')).toMatchObject(failed('NOT_COMPRESSED'));
  expect(read(frames(501), 'zstd')).toMatchObject({
    failure: { code: 'RECORD_TOO_LARGE', message: expect.stringContaining('(MAX_RECORD_BYTES)') },
  });
  const nothing = zstdCompressSync(Buffer.alloc(0));
  expect(read(Buffer.concat(Array<Buffer>(1001).fill(nothing)), 'zstd')).toMatchObject(failed('NOT_COMPRESSED'));
});
