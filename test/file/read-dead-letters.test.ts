import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import { createFileDeadLetters } from '../../src/file/dead-letters.ts';
import { readDeadLetters } from '../../src/file/read-dead-letters.ts';
import { letter, letterAt } from './letters.ts';
import { temporaryFolder } from './recording.ts';

async function written(letters: readonly DeadLetter[]): Promise<string> {
  const path = join(await temporaryFolder(), 'dead-letters.ndjson');
  const queue = createFileDeadLetters(path);
  await queue.open();
  await queue.write(letters);
  await queue.close();
  return path;
}

async function read(path: string): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for await (const one of readDeadLetters(path)) letters.push(one);
  return letters;
}

describe('readDeadLetters', () => {
  test('reads what was written, whatever bytes the records had', async () => {
    const values = fc.array(fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)));
    await fc.assert(
      fc.asyncProperty(values, async (given) => {
        const letters = [letter, ...given.map((value, index) => letterAt(index, value))];
        expect(await read(await written(letters))).toEqual(letters);
      }),
      { numRuns: 20 },
    );
  });

  test('reads a letter of many chunks', async () => {
    const large = letterAt(1, Buffer.alloc(1_000_000, 0));
    expect(await read(await written([large, letterAt(2)]))).toEqual([large, letterAt(2)]);
  });

  test('leaves a last line without its newline to its writer', async () => {
    const path = await written([letterAt(1)]);
    await appendFile(path, '{"topic":"torn');
    expect(await read(path)).toEqual([letterAt(1)]);
  });

  test('names the line that is no dead letter', async () => {
    const path = await written([letterAt(1)]);
    await appendFile(path, '{"topic":"mine"}\n');
    await expect(read(path)).rejects.toMatchObject({
      code: 'DEAD_LETTERS_BROKEN',
      message: expect.stringContaining('line 2'),
    });
  });

  test('names a file that is missing', async () => {
    const path = join(await temporaryFolder(), 'none');
    await expect(read(path)).rejects.toMatchObject({
      code: 'DEAD_LETTERS_UNREADABLE',
      message: `The dead-letter file ${path} does not exist: check the path.`,
    });
    await writeFile(path, '');
    expect(await read(path)).toEqual([]);
  });
});
