import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decompressZstd } from '../../src/core/zstd.ts';

const frame = (text: string) => zstdCompressSync(Buffer.from(text));

describe('zstd', () => {
  it('is read to the end, over frames and over what is to be skipped', () => {
    // Zstandard, skippable frames: a number, the length, and anything.
    const skipped = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2]);
    expect(String(decompressZstd(frame('one')))).toBe('one');
    expect(String(decompressZstd(Buffer.concat([frame('one'), skipped, frame(''), frame(' two')])))).toBe('one two');
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no frame', Buffer.from('no frame')],
    ['half a frame', frame('one').subarray(0, -1)],
    ['half a frame behind another', Buffer.concat([frame('one'), frame('two').subarray(0, -1)])],
    ['something behind a frame', Buffer.concat([frame('one'), Buffer.from('more')])],
  ])('is not read where it is %s', (_what, bytes) => {
    expect(() => decompressZstd(bytes)).toThrow();
  });

  it('grows to its bound and no further, over all frames', () => {
    const three = Buffer.concat([frame('123'), frame('456'), frame('')]);
    expect(String(decompressZstd(three, { maxBytes: 6 }))).toBe('123456');
    for (const maxBytes of [5, 3, 2, 0])
      expect(() => decompressZstd(three, { maxBytes })).toThrow(
        expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }),
      );
    expect(() => decompressZstd(three, { maxFrames: 2 })).toThrow('too many frames');
    expect(() => decompressZstd(three, { maxFrames: 3 })).not.toThrow();
  });
});
