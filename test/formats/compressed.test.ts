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

test('a value of several zstd frames is refused, of which only the first would be read', () => {
  const { read } = createDecompressor(1000);
  const frame = zstdCompressSync(Buffer.from('{}'));
  expect(read(frame, 'zstd')).toEqual(Buffer.from('{}'));
  const failed = { kind: 'failed', failure: { code: 'NOT_COMPRESSED' } };
  expect(read(Buffer.concat([frame, frame]), 'zstd')).toMatchObject(failed);
  expect(read(Buffer.concat([frame, Buffer.from('…')]), 'zstd')).toMatchObject(failed);
});
