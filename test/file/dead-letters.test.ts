import { execFile } from 'node:child_process';
import { appendFile, mkdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import { createFileDeadLetterArchive } from '../../src/file/dead-letter-archive.ts';
import { parseDeadLetter, printDeadLetter } from '../../src/file/dead-letter-line.ts';
import { createFileDeadLetters } from '../../src/file/dead-letters.ts';
import { lockFile } from '../../src/file/lock.ts';
import { writePosition } from '../../src/file/position-file.ts';
import { letterAt } from './letters.ts';
import { temporaryFolder } from './recording.ts';

async function somewhere(): Promise<string> {
  return join(await temporaryFolder(), 'dead-letters.ndjson');
}

async function writeAll(path: string, letters: readonly DeadLetter[]): Promise<void> {
  const queue = createFileDeadLetters(path);
  await queue.open();
  await queue.write(letters);
  await queue.close();
}

async function offsetsIn(path: string): Promise<readonly (number | undefined)[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => parseDeadLetter(line)?.record.offset);
}

describe('dead letters in a file', () => {
  test('appends one line per letter to what earlier runs wrote', async () => {
    const path = await somewhere();
    await writeAll(path, [letterAt(1), letterAt(2)]);
    await writeAll(path, [letterAt(3)]);
    expect(await offsetsIn(path)).toEqual([1, 2, 3]);
  });

  test('letters are in the file when write resolves', async () => {
    const path = await somewhere();
    const queue = createFileDeadLetters(path);
    await queue.open();
    await queue.write([letterAt(1)]);
    expect(await offsetsIn(path)).toEqual([1]);
    await queue.close();
  });

  test('writes that overlap are all whole and in order', async () => {
    const path = await somewhere();
    const queue = createFileDeadLetters(path);
    await queue.open();
    await Promise.all([1, 2, 3, 4].map((offset) => queue.write([letterAt(offset, Buffer.alloc(50_000, 'x'))])));
    await queue.close();
    expect(await offsetsIn(path)).toEqual([1, 2, 3, 4]);
  });

  test('wherever a crash tore the last line, the next open leaves the whole ones and goes on behind them', async () => {
    const path = await somewhere();
    const whole = Buffer.from(printDeadLetter(letterAt(1)) + printDeadLetter(letterAt(2, Buffer.alloc(300, 0xff))));
    const secondLine = whole.indexOf('\n') + 1;
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.nat(3), async (length, zeros) => {
        await writeFile(path, Buffer.concat([whole.subarray(0, length), Buffer.alloc(zeros)]));
        await writeAll(path, [letterAt(3)]);
        const kept = length === whole.length ? [1, 2] : length >= secondLine ? [1] : [];
        expect(await offsetsIn(path)).toEqual([...kept, 3]);
      }),
      { numRuns: 40 },
    );
  });

  test('a file that holds something else is refused and left as it is', async () => {
    const path = await somewhere();
    for (const content of ['{"type":"track"}\n{"type":"pa', 'important', `${printDeadLetter(letterAt(1))}other`]) {
      await writeFile(path, content);
      await expect(createFileDeadLetters(path).open()).rejects.toMatchObject({
        code: 'DEAD_LETTERS_FOREIGN',
        message: expect.stringContaining(path),
      });
      expect(await readFile(path, 'utf8')).toBe(content);
    }
  });

  test('after rotation a new file is begun, and the old one keeps its letters', async () => {
    const path = await somewhere();
    const queue = createFileDeadLetters(path);
    await queue.open();
    await queue.write([letterAt(1)]);
    await rename(path, `${path}.1`);
    await queue.write([letterAt(2)]);
    await rm(path);
    await queue.write([letterAt(3)]);
    await queue.close();
    expect(await offsetsIn(`${path}.1`)).toEqual([1]);
    expect(await offsetsIn(path)).toEqual([3]);
  });

  test('a second queue on the same file is refused', async () => {
    const path = await somewhere();
    const queue = createFileDeadLetters(path);
    await queue.open();
    await expect(createFileDeadLetters(path).open()).rejects.toMatchObject({ code: 'FILE_IN_USE' });
    await queue.close();
    await writeAll(path, [letterAt(1)]);
  });

  test('a place that can not be written is refused by name', async () => {
    const folder = await temporaryFolder();
    await expect(createFileDeadLetters(folder).open()).rejects.toMatchObject({
      code: 'DEAD_LETTERS_UNWRITABLE',
      message: `The dead-letter file ${folder} is a folder: name a file.`,
    });
    await mkdir(join(folder, 'a'));
    const missing = join(folder, 'b', 'letters');
    await expect(createFileDeadLetters(missing).open()).rejects.toMatchObject({
      message: expect.stringContaining(missing),
    });
  });

  test('a letter that does not fit on the disk rejects, leaves whole letters only, and can be written later', async () => {
    const path = await somewhere();
    const script = `
      const { createFileDeadLetters } = await import(${moduleOf('dead-letters.ts')});
      const letter = (offset, bytes) => ({
        record: { topic: 't', partition: 0, offset, next: offset + 1, timestamp: 1, key: null, value: Buffer.alloc(bytes, 'x') },
        failure: { code: 'NOT_JSON', message: 'm' },
        at: 1,
      });
      const queue = createFileDeadLetters(${JSON.stringify(path)});
      await queue.open();
      await queue.write([letter(1, 10_000)]);
      const failed = await queue.write([letter(2, 100), letter(3, 20_000)]).then(() => 'written', (error) => error.code);
      const { size } = await (await import('node:fs/promises')).stat(${JSON.stringify(path)});
      await queue.write([letter(4, 100)]);
      await queue.close();
      console.log(JSON.stringify({ failed, size }));
    `;
    const answer = await onFullDisk(16, script);
    const first = (await readFile(path, 'utf8')).indexOf('\n') + 1;
    expect(answer).toEqual({ failed: 'DEAD_LETTERS_UNWRITABLE', size: first });
    expect(await offsetsIn(path)).toEqual([1, 4]);
  });

  test('what a failed write left behind is taken off by the next one', async () => {
    const path = await somewhere();
    const queue = createFileDeadLetters(path);
    await queue.open();
    await queue.write([letterAt(1)]);
    await appendFile(path, '{"topic":"torn');
    await queue.write([letterAt(2)]);
    await queue.close();
    expect(await offsetsIn(path)).toEqual([1, 2]);
  });

  test('in a file that was emptied in its place, as some rotate logs, letters begin anew and are whole', async () => {
    const path = await somewhere();
    const queue = createFileDeadLetters(path);
    await queue.open();
    await queue.write([letterAt(1), letterAt(2)]);
    const { size } = await stat(path);
    await truncate(path, 0);
    await queue.write([letterAt(3)]);
    expect(await offsetsIn(path)).toEqual([3]);
    // Or the last of it.
    await truncate(path, size / 2 - 1);
    await queue.write([letterAt(4)]);
    await queue.close();
    expect(await offsetsIn(path)).toEqual([4]);
  });

  test('writing nothing writes nothing; writing to a closed queue rejects', async () => {
    const path = await somewhere();
    const queue = createFileDeadLetters(path);
    await expect(queue.write([letterAt(1)])).rejects.toMatchObject({ code: 'DEAD_LETTERS_CLOSED' });
    await queue.open();
    await queue.write([]);
    await queue.close();
    expect((await stat(path)).size).toBe(0);
  });
});

/** Runs it where the system refuses any write behind so many KiB of a file: to the writer a disk that is full. */
async function onFullDisk(kibibytes: number, script: string): Promise<unknown> {
  const command = `ulimit -f ${kibibytes}; exec "$0" --input-type=module -e "$1"`;
  const { stdout } = await promisify(execFile)('bash', ['-c', command, process.execPath, script]);
  return JSON.parse(stdout);
}

const moduleOf = (name: string) => JSON.stringify(new URL(`../../src/file/${name}`, import.meta.url));

test('a mark of a replay that did not fit on the disk spoils none that comes later', async () => {
  const path = await somewhere();
  const answer = await onFullDisk(
    16,
    `
      const { readFile, writeFile } = await import('node:fs/promises');
      const { createFileDeadLetterArchive } = await import(${moduleOf('dead-letter-archive.ts')});
      const [path, marks] = [${JSON.stringify(path)}, ${JSON.stringify(`${path}.replayed`)}];
      await writeFile(marks, '\\n'.repeat(16 * 1024 - 10));
      const archive = createFileDeadLetterArchive(path);
      const mark = (key) => archive.markReplayed([{ key, outcome: 'done' }]).then(() => key, (error) => error.code);
      const failed = await mark('one');
      await writeFile(marks, (await readFile(marks, 'utf8')).trimStart());
      const marked = [await mark('two'), await mark('three')];
      console.log(JSON.stringify({ failed, marked, keys: [...(await archive.replayedKeys())] }));
      await archive.close();
    `,
  );
  expect(answer).toEqual({ failed: 'MARKS_UNWRITABLE', marked: ['two', 'three'], keys: ['two', 'three'] });
});

test('a lock that could not be written does not keep anybody out when there is room again', async () => {
  const path = await somewhere();
  const answer = await onFullDisk(
    0,
    `
      const { lockFile } = await import(${moduleOf('lock.ts')});
      await lockFile(${JSON.stringify(path)}, 'The file').catch(({ code }) => console.log(JSON.stringify(code)));
    `,
  );
  expect(answer).toBe('FILE_UNWRITABLE');
  const lock = await lockFile(path, 'The file');
  await lock.release();
});

describe('files with people in them', () => {
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

  test('are made for their owner alone, whatever the umask', async () => {
    const path = await somewhere();
    await writeAll(path, [letterAt(1)]);
    const archive = createFileDeadLetterArchive(path);
    await archive.markReplayed([{ key: 'key', outcome: 'done' }]);
    await archive.close();
    await writePosition(`${path}.offset`, { inode: '1', size: 1, headSha256: '', headBytes: 0, offset: 1 });
    for (const name of [path, `${path}.replayed`, `${path}.offset`]) expect(await modeOf(name), name).toBe(0o600);
  });

  test('are closed to others when an earlier version left them open', async () => {
    const path = await somewhere();
    await writeFile(path, printDeadLetter(letterAt(1)), { mode: 0o644 });
    await writeFile(`${path}.replayed`, '', { mode: 0o664 });
    await writeFile(`${path}.offset`, '{}', { mode: 0o644 });
    await writeAll(path, [letterAt(2)]);
    const archive = createFileDeadLetterArchive(path);
    await archive.markReplayed([{ key: 'key', outcome: 'done' }]);
    await archive.close();
    await writePosition(`${path}.offset`, { inode: '1', size: 1, headSha256: '', headBytes: 0, offset: 1 });
    for (const name of [path, `${path}.replayed`, `${path}.offset`]) expect(await modeOf(name), name).toBe(0o600);
    expect(await offsetsIn(path)).toEqual([1, 2]);
  });

  test('a file that is not ours keeps its rights', async () => {
    const path = await somewhere();
    await writeFile(path, 'name,mail\n', { mode: 0o644 });
    await expect(writeAll(path, [letterAt(1)])).rejects.toMatchObject({ code: 'DEAD_LETTERS_FOREIGN' });
    expect(await modeOf(path)).toBe(0o644);
  });

  test('nothing is written through a link that lies where the new position is prepared', async () => {
    const path = await somewhere();
    const other = `${path}.other`;
    await writeFile(other, 'theirs');
    await symlink(other, `${path}.offset.tmp`);
    await writePosition(`${path}.offset`, { inode: '1', size: 1, headSha256: '', headBytes: 0, offset: 1 });
    expect(await readFile(other, 'utf8')).toBe('theirs');
  });
});
