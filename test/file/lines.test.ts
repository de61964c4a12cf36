import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Line, createLineSplitter } from '../../src/file/lines.ts';

const noLimit = 1 << 20;

function split(chunks: readonly Buffer[], options: { start?: number; maxLineBytes?: number } = {}): readonly Line[] {
  const splitter = createLineSplitter({ start: options.start ?? 0, maxLineBytes: options.maxLineBytes ?? noLimit });
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.finish()];
}

/** The same bytes in chunks of the given sizes, over and over. */
function chunked(bytes: Buffer, sizes: readonly number[]): readonly Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
/** Nothing, or any bytes but those that end a line, are taken off at its ends, or make a blank line. */
const special = new Set([9, 10, 13, 32, 0xef]);
const content = fc
  .uint8Array({ maxLength: 40 })
  .map((bytes) => Buffer.from(bytes.filter((byte) => !special.has(byte))));

describe('a line splitter', () => {
  test('gives each line with the byte offsets of its beginning and of what follows', () => {
    const lines = split([Buffer.from('aä\nbc\n')]);
    expect(lines.map(({ offset, next, value }) => [offset, next, value.toString()])).toEqual([
      [0, 4, 'aä'],
      [4, 7, 'bc'],
    ]);
  });

  test('counts from the offset where reading began', () => {
    expect(split([Buffer.from('a\n')], { start: 100 })).toMatchObject([{ offset: 100, next: 102 }]);
  });

  test('takes a last line without a newline as a line', () => {
    expect(split([Buffer.from('a\nb')])).toMatchObject([{ next: 2 }, { offset: 2, next: 3, value: Buffer.from('b') }]);
  });

  test('leaves blank lines out and takes the carriage return off, keeping the offsets', () => {
    const lines = split([Buffer.from('\r\n\na\r\n\t\nb\r')]);
    expect(lines.map(({ offset, next, value }) => [offset, next, value.toString()])).toEqual([
      [3, 6, 'a'],
      [8, 10, 'b'],
    ]);
  });

  test('takes a byte order mark off the first line of a file only', () => {
    const marked = Buffer.from('\ufeffa\n\ufeffb\n');
    expect(split([marked]).map(({ value }) => value.toString())).toEqual(['a', '\ufeffb']);
    expect(split([marked], { start: 7 })[0]?.value.toString()).toBe('\ufeffa');
  });

  test('yields any bytes of any lines whole, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(fc.array(content, { maxLength: 20 }), sizes, fc.boolean(), (contents, cuts, lastBreak) => {
        const text = Buffer.concat(contents.flatMap((line) => [line, Buffer.from('\n')]));
        const bytes = lastBreak ? text : text.subarray(0, -1);
        const lines = split(chunked(bytes, cuts));
        expect(lines.map(({ value }) => value)).toEqual(contents.filter((line) => line.length > 0));
        for (const { offset, next, value } of lines) {
          expect(bytes.subarray(offset, offset + value.length)).toEqual(value);
          expect(next - offset - value.length).toBe(bytes[offset + value.length] === 10 ? 1 : 0);
        }
      }),
    );
  });

  test('keeps of a line that is too long its beginning, length and hash, and goes on behind it', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 21, max: 60 }), (cuts, length) => {
        const long = Buffer.alloc(length, 'x');
        const bytes = Buffer.concat([Buffer.from('ok\n'), long, Buffer.from('\nafter\n')]);
        const lines = split(chunked(bytes, cuts), { maxLineBytes: 20 });
        expect(lines.map(({ offset }) => offset)).toEqual([0, 3, 4 + length]);
        expect(lines[1]?.cut).toEqual({ bytes: length, sha256: createHash('sha256').update(long).digest('hex') });
        expect(lines[2]?.value.toString()).toBe('after');
      }),
    );
  });

  test('a line of exactly the limit is whole', () => {
    expect(split(chunked(Buffer.alloc(20, 'x'), [7]), { maxLineBytes: 20 })[0]?.cut).toBeUndefined();
  });

  test('a cut line is no JSON, even where its beginning is', () => {
    const bytes = Buffer.concat([Buffer.from('{"type":"track"}'), Buffer.alloc(200_000, ' ')]);
    const [line] = split(chunked(bytes, [50_000]), { maxLineBytes: 100_000 });
    expect(() => JSON.parse(line?.value.toString() ?? '')).toThrow(SyntaxError);
    expect(line?.value.length).toBeLessThan(70_000);
  });

  test('cuts a text between characters', () => {
    for (const shift of ['', 'x', 'xx', 'xxx']) {
      const [line] = split([Buffer.from(shift + '😀é'.repeat(30_000))], { maxLineBytes: 100_000 });
      expect(line?.value.toString()).not.toContain('\ufffd');
    }
  });
});
