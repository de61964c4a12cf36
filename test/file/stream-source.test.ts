import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createStreamSource } from '../../src/file/stream-source.ts';
import { readToEnd, recording } from './recording.ts';

const now = () => 1_750_000_000_000;

describe('a stream as a source', () => {
  test('yields a record per line, positions counted in bytes from the start', async () => {
    const source = createStreamSource(Readable.from([Buffer.from('on'), 'e\nt', Buffer.from('wö\nlast')]), { now });
    const seen = await readToEnd(source);
    expect(seen.records().map(({ offset, next, value }) => [offset, next, value?.toString()])).toEqual([
      [0, 4, 'one'],
      [4, 9, 'twö'],
      [9, 13, 'last'],
    ]);
    expect(seen.records()[0]).toMatchObject({ topic: 'file:-', partition: 0, timestamp: now() });
    expect(await source.commit([{ topic: 'file:-', partition: 0, epoch: 1, offset: 13 }])).toBe('committed');
    await source.stop();
  });

  test('yields what a line stands for', async () => {
    const readLine = (line: Buffer) => Buffer.from(line.toString(), 'base64');
    const source = createStreamSource(Readable.from([Buffer.from('b25l\ndHdv\n')]), { now, readLine });
    const seen = await readToEnd(source);
    expect(seen.records().map(({ offset, next, value }) => [offset, next, value?.toString()])).toEqual([
      [0, 5, 'one'],
      [5, 10, 'two'],
    ]);
    await source.stop();
  });

  test('a paused source leaves the rest in the stream, so that its writer has to wait', async () => {
    const stream = new PassThrough({ highWaterMark: 1000 });
    const source = createStreamSource(stream, { now });
    const at = [{ topic: 'file:-', partition: 0 }];
    const seen = recording(() => source.pause(at));
    await source.start(seen.handlers);
    let accepted = 0;
    while (accepted < 100 && stream.write('x'.repeat(199).concat('\n'))) {
      accepted += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(accepted).toBeLessThan(20);
    expect(seen.records().length).toBe(1);

    stream.end();
    const resuming = setInterval(() => source.resume(at), 1);
    await seen.finished;
    clearInterval(resuming);
    expect(seen.records().length).toBe(accepted + 1);
  });

  test('stops at once, even where the stream is silent', async () => {
    const source = createStreamSource(new PassThrough(), { now });
    const seen = recording();
    await source.start(seen.handlers);
    expect(source.ready()).toBe(true);
    await source.stop();
    expect(source.ready()).toBe(false);
    expect(seen.errors).toEqual([]);
  });

  test('a stream that breaks fails the source', async () => {
    const stream = new PassThrough();
    const source = createStreamSource(stream, { now });
    const seen = recording();
    await source.start(seen.handlers);
    stream.write('one\n');
    stream.destroy(new Error('the pipe broke'));
    await expect(seen.finished).rejects.toMatchObject({ code: 'STREAM_UNREADABLE' });
    expect(source.ready()).toBe(false);
  });
});
