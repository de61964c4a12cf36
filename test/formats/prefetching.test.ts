import { describe, expect, test } from 'vitest';
import type { SourceRecord, TopicPartition } from '../../src/core/record.ts';
import type { Source, SourceHandlers } from '../../src/core/source.ts';
import { prefetching } from '../../src/formats/prefetching.ts';

function record(partition: number, offset: number, text: string): SourceRecord {
  const value = Buffer.from(text);
  return { topic: 't', partition, offset, next: offset + 1, timestamp: 0, key: null, value, headers: undefined };
}

/** A source of partitions 0 and 1 whose records need what is named in them, until it is `there`. */
async function setUp() {
  const read: string[] = [];
  const paused = new Set<number>();
  const there = new Set<string>();
  const waiting: (() => void)[] = [];
  const told: number[] = [];
  const state = { finished: false, failed: '' };
  let handlers: SourceHandlers | undefined;
  const plain: Source = {
    async start(given) {
      handlers = given;
    },
    pause(list) {
      for (const { partition } of list) paused.add(partition);
    },
    resume(list) {
      for (const { partition } of list) paused.delete(partition);
    },
    commit: async () => 'committed',
    quiesce: async () => undefined,
    stop: async () => undefined,
    ready: () => true,
  };
  const source = prefetching(
    plain,
    {
      prepare(records, signal) {
        const needs = records.map(({ value }) => String(value).split(' ')[0] ?? '');
        if (needs.every((name) => name === '-' || there.has(name))) return undefined;
        return new Promise((resolve) => {
          waiting.push(resolve);
          signal.addEventListener('abort', () => resolve());
        });
      },
    },
    { reasons: () => ['the registry is away'], waiting: (partitions) => told.push(partitions) },
  );
  await source.start({
    assigned: () => undefined,
    lost: () => undefined,
    batch: ({ records }) => read.push(...records.map(({ value }) => String(value))),
    finished: () => {
      state.finished = true;
    },
    failed: (error) => {
      state.failed = error.message;
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    source,
    read,
    paused,
    told,
    state,
    handlers: () => handlers as SourceHandlers,
    batch(partition: number, ...texts: string[]) {
      const records = texts.map((text, offset) => record(partition, offset, text));
      handlers?.batch({ topic: 't', partition, epoch: 1, records });
    },
    async arrives(name: string) {
      there.add(name);
      for (const resolve of waiting.splice(0)) resolve();
      await settle();
    },
    settle,
  };
}

const partition0: TopicPartition = { topic: 't', partition: 0 };

describe('records whose schema is not there', () => {
  test('wait in their order while other partitions go on', async () => {
    const { batch, read, paused, arrives, source } = await setUp();
    batch(0, '- 1');
    batch(0, 'a 2');
    batch(0, '- 3');
    batch(1, '- 4');
    expect(read).toEqual(['- 1', '- 4']);
    expect([...paused]).toEqual([0]);
    expect(source.waits?.()).toEqual(['the registry is away']);
    await arrives('a');
    expect(read).toEqual(['- 1', '- 4', 'a 2', '- 3']);
    expect([...paused]).toEqual([]);
    expect(source.waits?.()).toEqual([]);
  });

  test('are told of, by the number of partitions that wait', async () => {
    const { batch, told, arrives, handlers } = await setUp();
    batch(0, 'a 1');
    batch(1, 'b 1');
    batch(1, 'b 2');
    expect(told).toEqual([1, 2]);
    await arrives('a');
    expect(told).toEqual([1, 2, 1]);
    handlers().lost([{ topic: 't', partition: 1 }]);
    expect(told).toEqual([1, 2, 1, 0]);
  });

  test('wait again for the next schema', async () => {
    const { batch, read, arrives } = await setUp();
    batch(0, 'a 1');
    batch(0, 'b 2');
    await arrives('a');
    expect(read).toEqual(['a 1']);
    await arrives('b');
    expect(read).toEqual(['a 1', 'b 2']);
  });

  test('are copied, because the source may use their bytes again', async () => {
    const { handlers, read, arrives } = await setUp();
    const one = record(0, 0, 'a 1');
    handlers().batch({ topic: 't', partition: 0, epoch: 1, records: [one] });
    one.value?.fill(0);
    await arrives('a');
    expect(read).toEqual(['a 1']);
  });

  test('are dropped with their partition, and read again by who gets it', async () => {
    const { batch, read, handlers, arrives, source } = await setUp();
    batch(0, 'a 1');
    handlers().lost([partition0]);
    await arrives('a');
    expect(read).toEqual([]);
    expect(source.waits?.()).toEqual([]);
    batch(0, 'a 1');
    expect(read).toEqual(['a 1']);
  });

  test('are dropped when the source is to be quiet', async () => {
    const { batch, read, arrives, source } = await setUp();
    batch(0, 'a 1');
    await source.quiesce();
    await arrives('a');
    batch(0, '- 2');
    expect(read).toEqual([]);
  });

  test('keep a finite source from its end', async () => {
    const { batch, handlers, state, arrives } = await setUp();
    batch(0, 'a 1');
    handlers().finished();
    expect(state.finished).toBe(false);
    await arrives('a');
    expect(state.finished).toBe(true);
  });

  test('leave a pause of the pipeline as it is, and its end waits for them', async () => {
    const { batch, paused, arrives, source } = await setUp();
    batch(0, 'a 1');
    source.pause([partition0]);
    await arrives('a');
    expect([...paused]).toEqual([0]);
    batch(0, 'b 2');
    source.resume([partition0]);
    expect([...paused]).toEqual([0]);
    await arrives('b');
    expect([...paused]).toEqual([]);
  });
});
