import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFileSource } from '../../src/file/source.ts';
import { notAsRoot } from '../support/needs.ts';
import { commitAt, readToEnd, recording, temporaryFolder } from './recording.ts';

async function fileWith(text: string | Buffer): Promise<string> {
  const path = join(await temporaryFolder(), 'events.ndjson');
  await writeFile(path, text);
  return path;
}

/** Reads the file, commits `offset`, and stops. */
async function readAndCommit(path: string, offset: number): Promise<void> {
  const source = createFileSource(path);
  const seen = await readToEnd(source);
  const [batch] = seen.batches;
  if (batch === undefined) throw new Error('nothing was read');
  expect(await source.commit([commitAt(batch, offset)])).toBe('committed');
  await source.stop();
}

async function startError(path: string): Promise<unknown> {
  const source = createFileSource(path);
  return await source.start(recording().handlers).then(
    () => source.stop(),
    (error: unknown) => error,
  );
}

describe('a file as a source', () => {
  test('yields a record per line with its byte offset, the file as topic and its modification time', async () => {
    const path = await fileWith(Buffer.from('{"a":"ä"}\n\n{"b":\xff}\r\n', 'latin1'));
    const source = createFileSource(path);
    const seen = await readToEnd(source);
    await source.stop();

    const timestamp = Math.floor((await stat(path)).mtimeMs);
    const common = { topic: 'file:events.ndjson', partition: 0, timestamp, key: null, headers: undefined };
    expect(seen.assigned).toEqual([{ topic: 'file:events.ndjson', partition: 0, position: 0, fresh: true, end: 20 }]);
    expect(seen.records()).toEqual([
      { ...common, offset: 0, next: 10, value: Buffer.from('{"a":"ä"}', 'latin1') },
      { ...common, offset: 11, next: 20, value: Buffer.from('{"b":\xff}', 'latin1') },
    ]);
    expect(seen.batches[0]?.end).toBe(20);
  });

  test('an empty file has an end and no records', async () => {
    const source = createFileSource(await fileWith(''));
    const seen = await readToEnd(source);
    await source.stop();
    expect(seen.batches).toEqual([]);
  });

  test('goes on where it was committed, also in a file that has grown', async () => {
    const path = await fileWith('one\ntwo\n');
    await readAndCommit(path, 4);
    await appendFile(path, 'three\n');

    const source = createFileSource(path);
    const seen = await readToEnd(source);
    await source.stop();
    expect(seen.assigned[0]?.position).toBe(4);
    expect(seen.assigned[0]?.fresh).toBeUndefined();
    expect(seen.texts()).toEqual(['two', 'three']);
  });

  test.each([
    ['is read again, whole, when it was not finished', '{"n":', '2}\n', ['{"n":2}']],
    ['is not, when a line break follows', '{"n":', '\n{"n":2}\n', ['{"n":2}']],
    ['is not, when it was finished', '{"n":2}', '{"n":3}\n', ['{"n":3}']],
    ['is not, when nothing has come', '{"n":', '', []],
  ])('a last line without its line break %s', async (_, last, more, texts) => {
    const first = `{"text":"${'ü'.repeat(70_000)}"}\n`;
    const path = await fileWith(first + last);
    const end = Buffer.byteLength(first + last);
    await readAndCommit(path, end);
    await appendFile(path, more);
    const source = createFileSource(path);
    const seen = await readToEnd(source);
    await source.stop();
    expect(seen.texts()).toEqual(texts);
    const [record] = seen.records();
    expect(seen.assigned[0]?.position).toBeLessThanOrEqual(record?.offset ?? end);
  });

  test('rows are the same ones when reading goes on between them, also behind a quote that is not closed', async () => {
    const path = join(await temporaryFolder(), 'rows.csv');
    await writeFile(path, 'email,value\na@x.example,1\n"x\ny"\nb@x.example,2\n');
    const whole = createFileSource(path);
    const all = (await readToEnd(whole)).records();
    await whole.stop();
    expect(all.length).toBe(4);
    for (const [at, { next }] of all.entries()) {
      await readAndCommit(path, next);
      const source = createFileSource(path);
      const seen = await readToEnd(source);
      await source.stop();
      expect(seen.records()).toEqual(all.slice(at + 1));
    }
  });

  test.each([
    ['comes again, whole, when it goes on', '9.90\nb@x.example,2\n', ['a@x.example 19.90', 'b@x.example 2']],
    ['does not when a line break follows', '\nb@x.example,2\n', ['b@x.example 2']],
  ])('a last row without its line break %s', async (_, more, rows) => {
    const path = join(await temporaryFolder(), 'rows.csv');
    const text = 'email,value\na@x.example,1';
    await writeFile(path, text);
    await readAndCommit(path, text.length);
    await appendFile(path, more);
    const source = createFileSource(path);
    const seen = await readToEnd(source);
    await source.stop();
    const values = seen.texts().map((each) => Object.values(JSON.parse(each) as object).join(' '));
    expect(values).toEqual(rows);
    expect(seen.records()[0]?.offset).toBeGreaterThanOrEqual(text.length);
  });

  test('reads again what was not committed', async () => {
    const path = await fileWith('one\ntwo\n');
    for (let run = 0; run < 2; run++) {
      const source = createFileSource(path);
      expect((await readToEnd(source)).texts()).toEqual(['one', 'two']);
      await source.stop();
    }
  });

  test('knows a small file again when it has grown beyond the part that is hashed', async () => {
    const path = await fileWith('one\n');
    await readAndCommit(path, 4);
    await appendFile(path, `${'x'.repeat(9000)}\n`);
    const source = createFileSource(path);
    expect((await readToEnd(source)).texts()).toEqual(['x'.repeat(9000)]);
    await source.stop();
  });

  test('keeps the metadata of a commit through a restart', async () => {
    const path = await fileWith('one\n');
    const source = createFileSource(path);
    await source.start(recording().handlers);
    await source.commit([{ topic: 'file:events.ndjson', partition: 0, epoch: 1, offset: 0, metadata: 'clean' }]);
    await source.stop();
    const again = createFileSource(path);
    await again.start(recording().handlers);
    await again.stop();
    expect(JSON.parse(await readFile(`${path}.offset`, 'utf8'))).toMatchObject({ offset: 0, metadata: 'clean' });
  });

  test('holds everything while paused, and reads every line once when resumed', async () => {
    const count = 5000;
    const path = await fileWith(Array.from({ length: count }, (_, index) => `line ${index}\n`).join(''));
    const source = createFileSource(path, { chunkBytes: 4096 });
    const at = [{ topic: 'file:events.ndjson', partition: 0 }];
    let paused = false;
    const seen = recording(() => {
      expect(paused).toBe(false);
      paused = true;
      source.pause(at);
      setTimeout(() => {
        paused = false;
        source.resume(at);
      }, 1);
    });
    await source.start(seen.handlers);
    await seen.finished;
    await source.stop();
    expect(seen.texts()).toEqual(Array.from({ length: count }, (_, index) => `line ${index}`));
  });

  test('a pause at the assignment comes before the first record', async () => {
    const source = createFileSource(await fileWith('one\n'));
    const seen = recording();
    const at = [{ topic: 'file:events.ndjson', partition: 0 }];
    await source.start({ ...seen.handlers, assigned: () => source.pause(at) });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen.batches).toEqual([]);
    source.resume(at);
    await seen.finished;
    expect(seen.texts()).toEqual(['one']);
    await source.stop();
  });

  test('hands thousands of tiny lines over in parts', async () => {
    const source = createFileSource(await fileWith('1\n'.repeat(2500)));
    const seen = await readToEnd(source);
    await source.stop();
    expect(seen.batches.map((batch) => batch.records.length)).toEqual([1000, 1000, 500]);
  });

  test('after quiesce nothing is read, and commits still count', async () => {
    const path = await fileWith('line\n'.repeat(2000));
    const source = createFileSource(path, { chunkBytes: 100 });
    const first = Promise.withResolvers<void>();
    const seen = recording(() => first.resolve());
    await source.start(seen.handlers);
    await first.promise;
    await source.quiesce();
    const read = seen.batches.length;
    expect(source.ready()).toBe(false);
    expect(await source.commit([{ topic: 'file:events.ndjson', partition: 0, epoch: 1, offset: 5 }])).toBe('committed');
    expect(seen.batches.length).toBe(read);
    await source.stop();
  });

  test('a commit of another epoch, or after the stop, is fenced', async () => {
    const path = await fileWith('one\n');
    const source = createFileSource(path);
    const seen = await readToEnd(source);
    const [batch] = seen.batches;
    if (batch === undefined) throw new Error('nothing was read');
    expect(await source.commit([{ ...commitAt(batch, 4), epoch: 2 }])).toBe('fenced');
    await source.stop();
    expect(await source.commit([commitAt(batch, 4)])).toBe('fenced');
    expect(JSON.parse(await readFile(`${path}.offset`, 'utf8'))).toMatchObject({ offset: 0 });
  });

  test('commits in flight at once are written one after another, the last one stays', async () => {
    const path = await fileWith('one\ntwo\nthree\n');
    const source = createFileSource(path);
    const seen = await readToEnd(source);
    const [batch] = seen.batches;
    if (batch === undefined) throw new Error('nothing was read');
    const commits = [4, 8, 14].map((offset) => source.commit([commitAt(batch, offset)]));
    expect(await Promise.all(commits)).toEqual(['committed', 'committed', 'committed']);
    await source.stop();
    expect(JSON.parse(await readFile(`${path}.offset`, 'utf8'))).toMatchObject({ offset: 14 });
  });

  test('a commit that can not be written says so, and the next one can succeed', async () => {
    const path = await fileWith('one\n');
    const warnings: string[] = [];
    const source = createFileSource(path, { warn: (code, message) => warnings.push(`${code} ${message}`) });
    const seen = await readToEnd(source);
    const [batch] = seen.batches;
    if (batch === undefined) throw new Error('nothing was read');
    await mkdir(`${path}.offset.tmp`);
    expect(await source.commit([commitAt(batch, 4)])).toBe('failed');
    expect(warnings).toEqual([expect.stringContaining(`POSITION_FILE_UNWRITABLE The position file ${path}.offset`)]);
    await rename(`${path}.offset.tmp`, `${path}.moved`);
    expect(await source.commit([commitAt(batch, 4)])).toBe('committed');
    await source.stop();
  });

  test('a line that is too long becomes a marked record, and the lines around it are read', async () => {
    const path = await fileWith(`one\n${'x'.repeat(5000)}\ntwo\n`);
    const source = createFileSource(path, { maxLineBytes: 1000, chunkBytes: 300 });
    const seen = await readToEnd(source);
    await source.stop();
    expect(seen.records().map(({ offset, next }) => [offset, next])).toEqual([
      [0, 4],
      [4, 5005],
      [5005, 5009],
    ]);
    expect(seen.records()[1]?.headers).toMatchObject({
      'meta-actions.value-omitted': 'line too long',
      'meta-actions.value-bytes': '5000',
    });
  });
});

describe('a file as a source: rule 36, a changed file is refused', () => {
  const twoLines = `{"n":1,"pad":"${'x'.repeat(100)}"}\n{"n":2}\n`;

  test('replaced by another file of the same beginning', async () => {
    const path = await fileWith(twoLines);
    await readAndCommit(path, 10);
    await copyFile(path, `${path}.new`);
    await rename(`${path}.new`, path);
    expect(await startError(path)).toMatchObject({ code: 'FILE_CHANGED', message: expect.stringContaining('.offset') });
  });

  test('truncated', async () => {
    const path = await fileWith(twoLines);
    await readAndCommit(path, 10);
    await truncate(path, 50);
    expect(await startError(path)).toMatchObject({ code: 'FILE_CHANGED' });
  });

  test('rewritten in place', async () => {
    const path = await fileWith(twoLines);
    await readAndCommit(path, 10);
    await writeFile(path, twoLines.replace('"n":1', '"n":9'), { flag: 'r+' });
    expect(await startError(path)).toMatchObject({ code: 'FILE_CHANGED' });
  });

  test('rewritten in place while it is read: no position of it is saved, and the source fails', async () => {
    const path = await fileWith('old line\n'.repeat(3));
    const source = createFileSource(path);
    const seen = await readToEnd(source);
    const [batch] = seen.batches;
    if (batch === undefined) throw new Error('nothing was read');
    expect(await source.commit([commitAt(batch, 9)])).toBe('committed');
    await appendFile(path, 'it may grow\n');
    expect(await source.commit([commitAt(batch, 18)])).toBe('committed');
    const before = await readFile(`${path}.offset`, 'utf8');
    await writeFile(path, 'new line\n'.repeat(9));
    expect(await source.commit([commitAt(batch, 27)])).toBe('failed');
    expect(await readFile(`${path}.offset`, 'utf8')).toBe(before);
    expect(seen.errors).toMatchObject([{ code: 'FILE_CHANGED' }]);
    await source.stop();
    expect(await startError(path)).toMatchObject({ code: 'FILE_CHANGED' });
  });

  test('truncated while it is read', async () => {
    const path = await fileWith('line\n'.repeat(1000));
    const source = createFileSource(path, { chunkBytes: 500 });
    const at = [{ topic: 'file:events.ndjson', partition: 0 }];
    const first = Promise.withResolvers<void>();
    const seen = recording(() => {
      source.pause(at);
      first.resolve();
    });
    await source.start(seen.handlers);
    await first.promise;
    await truncate(path, 5);
    const resuming = setInterval(() => source.resume(at), 1);
    await expect(seen.finished).rejects.toMatchObject({
      code: 'FILE_CHANGED',
      message: expect.stringContaining('Put the old file back, or start again'),
    });
    clearInterval(resuming);
    await source.stop();
  });

  test('is read from its beginning once the position file is gone', async () => {
    const path = await fileWith('one\n');
    await readAndCommit(path, 4);
    await rename(`${path}.offset`, `${path}.old`);
    const source = createFileSource(path);
    expect((await readToEnd(source)).texts()).toEqual(['one']);
    await source.stop();
  });
});

describe('a file as a source: after a crash', () => {
  test('a half-written new position leaves the old one in force', async () => {
    const path = await fileWith('one\ntwo\n');
    await readAndCommit(path, 4);
    await writeFile(`${path}.offset.tmp`, '{"inode":"12');
    const source = createFileSource(path);
    expect((await readToEnd(source)).texts()).toEqual(['two']);
    await source.stop();
    expect(await readdir(join(path, '..'))).not.toContain('events.ndjson.offset.tmp');
  });

  test('a position file that is broken is never taken as none', async () => {
    const path = await fileWith('one\n');
    await readAndCommit(path, 4);
    for (const broken of ['', '{"inode":"12', '{}', '[]', '{"inode":"1","size":-1,"head_bytes":0}']) {
      await writeFile(`${path}.offset`, broken);
      expect(await startError(path)).toMatchObject({
        code: 'POSITION_FILE_BROKEN',
        message: expect.stringContaining(`${path}.offset`),
      });
    }
  });

  test('the lock of a process that was killed is taken over', async () => {
    const path = await fileWith('one\n');
    const holder = spawn(process.execPath, ['--input-type=module', '-e', holdingScript(path)]);
    await once(holder.stdout, 'data');
    expect(await startError(path)).toMatchObject({
      code: 'FILE_IN_USE',
      message: expect.stringContaining(`${path}.offset.lock`),
    });

    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const source = createFileSource(path);
    expect((await readToEnd(source)).texts()).toEqual(['one']);
    await source.stop();
  });

  test('two sources of one process on one file are refused too', async () => {
    const path = await fileWith('one\n');
    const first = createFileSource(path);
    await first.start(recording().handlers);
    expect(await startError(path)).toMatchObject({ code: 'FILE_IN_USE' });
    await first.stop();
    expect(await startError(path)).toBeUndefined();
  });

  test('a lock left by an earlier life with the same process number is taken over', async () => {
    const path = await fileWith('one\n');
    const { hostname } = await import('node:os');
    const earlier = { pid: process.pid, started: 12345, host: hostname() };
    await writeFile(`${path}.offset.lock`, JSON.stringify(earlier));
    expect(await startError(path)).toBeUndefined();
  });
});

/** A process that opens the source, says so, and never leaves it. */
function holdingScript(path: string): string {
  const module = new URL('../../src/file/source.ts', import.meta.url).href;
  const nothing = '() => undefined';
  return `
    const { createFileSource } = await import(${JSON.stringify(module)});
    const handlers = { assigned: ${nothing}, lost: ${nothing}, batch: ${nothing}, ended: ${nothing}, failed: ${nothing} };
    await createFileSource(${JSON.stringify(path)}).start(handlers);
    console.log('held');
    setInterval(() => undefined, 1000);
  `;
}

describe('a file as a source: wrong places', () => {
  test('a missing file and a folder are refused by name', async () => {
    const folder = await temporaryFolder();
    const missing = join(folder, 'nothing.ndjson');
    expect(await startError(missing)).toMatchObject({
      code: 'FILE_UNREADABLE',
      message: `The source file ${missing} does not exist: check the path.`,
    });
    expect(await startError(folder)).toMatchObject({
      code: 'FILE_UNREADABLE',
      message: `The source file ${folder} is a folder: name a file.`,
    });
  });

  test('a place for the position that can not be written is refused before anything is read', async () => {
    const path = await fileWith('one\n');
    await mkdir(`${path}.offset.tmp`);
    expect(await startError(path)).toMatchObject({
      code: 'POSITION_FILE_UNWRITABLE',
      message: expect.stringContaining(`${path}.offset is a folder`),
    });
    // Nothing is left that would keep the next start off.
    expect(await readdir(join(path, '..'))).not.toContain('events.ndjson.offset.lock');
  });

  test('an unreadable file is refused by name', notAsRoot, async () => {
    const path = await fileWith('one\n');
    await chmod(path, 0);
    expect(await startError(path)).toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
