import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hideAborted, patchAborted } from '../../../src/kafka/client/aborted-patch.ts';

const require = createRequire(import.meta.url);
type Partition = Parameters<typeof hideAborted>[0];
type Message = Partition['messages'][number];
interface Broker {
  fetch(request: object): Promise<unknown>;
}
const Broker = require('kafkajs/src/broker') as { readonly prototype: Broker };
const Batch = require('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  partition: object,
) => { readonly messages: readonly Message[]; lastOffset(): string };

type Step = { readonly producer: string; readonly does: 'write' | 'commit' | 'abort' };
type LogEntry = Step & { readonly offset: number; readonly committed: boolean };

/** What producers with transactions have written, and which of it counts. One whose end never came has written nothing yet. */
function logOf(steps: readonly Step[]): readonly LogEntry[] {
  return steps.map((step, offset) => {
    const end = steps.slice(offset).find(({ producer, does }) => producer === step.producer && does !== 'write');
    return { ...step, offset, committed: end?.does === 'commit' };
  });
}

/** The answer of a broker to a fetch from that offset on, up to where the first transaction is still open. */
function answered(log: readonly LogEntry[], from: number): Partition & { readonly end: number } {
  const open = log.find(
    ({ producer, offset }) =>
      !log.some((other) => other.producer === producer && other.offset >= offset && other.does !== 'write'),
  );
  const end = open?.offset ?? log.length;
  const messages = log.slice(from, end).map(({ producer, does, offset }): Message => {
    const isMarker = does !== 'write';
    // A key that looks like that of a marker is one that a producer of whole numbers writes.
    const key = Buffer.from([0, 0, 0, does === 'commit' ? 1 : 0]);
    const batchContext = { producerId: producer, inTransaction: true };
    return { offset: String(offset), key, isControlRecord: isMarker, batchContext };
  });
  // In the order of their ends, as a broker keeps them.
  const abortedTransactions = log.slice(from).flatMap(({ producer, does, offset }) => {
    if (does !== 'abort') return [];
    const before = log.slice(0, offset).filter((other) => other.producer === producer);
    const first = before[before.findLastIndex((other) => other.does !== 'write') + 1]?.offset;
    return first === undefined || first >= end ? [] : [{ producerId: producer, firstOffset: String(first) }];
  });
  return { messages, abortedTransactions, end };
}

function readFrom(log: readonly LogEntry[], from: number): readonly number[] {
  const { end: _, ...partition } = answered(log, from);
  hideAborted(partition);
  const batch = new Batch('t', String(from), { partition: 0, highWatermark: String(log.length), ...partition });
  if (partition.messages.length > 0) expect(batch.lastOffset()).toBe(partition.messages.at(-1)?.offset);
  return batch.messages.map(({ offset }) => Number(offset));
}

function committedFrom(log: readonly LogEntry[], from: number): readonly number[] {
  const { end } = answered(log, from);
  return log
    .slice(from, end)
    .filter(({ does, committed }) => does === 'write' && committed)
    .map(({ offset }) => offset);
}

const write = (producer: string): Step => ({ producer, does: 'write' });
const abort = (producer: string): Step => ({ producer, does: 'abort' });
const commit = (producer: string): Step => ({ producer, does: 'commit' });

it('nothing of an aborted transaction is read that began before another one and ended after it', () => {
  const log = logOf([write('a'), write('b'), abort('b'), write('a'), abort('a')]);
  expect(readFrom(log, 0)).toEqual([]);
});

it('nothing of several aborted transactions is read in whose midst the fetch began', () => {
  const log = logOf([write('a'), write('b'), write('b'), abort('b'), write('b'), commit('b'), abort('a')]);
  expect(readFrom(log, 2)).toEqual([4]);
});

it('of overlapping transactions exactly what was committed is read', () => {
  const step = fc.record<Step>({
    producer: fc.constantFrom('a', 'b', 'c', 'd'),
    does: fc.constantFrom('write', 'write', 'commit', 'abort'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat(40), (steps, from) => {
      const log = logOf(steps);
      expect(readFrom(log, from)).toEqual(committedFrom(log, from));
    }),
  );
});

it('kafkajs is left nothing to decide of what it fetches, and another version is left alone', async () => {
  expect([patchAborted('2.3.0'), patchAborted(), patchAborted()]).toEqual([false, true, true]);
  const partition = answered(logOf([write('a'), write('b'), abort('b'), abort('a')]), 0);
  const send = Object.getOwnPropertySymbols(Broker.prototype).find(({ description }) =>
    /send/i.test(description ?? ''),
  );
  const broker = Object.assign(Object.create(Broker.prototype) as Broker, {
    lookupRequest: () => () => ({}),
    [send ?? '']: async () => ({ responses: [{ topicName: 't', partitions: [partition] }] }),
  });
  await broker.fetch({ topics: [] });
  expect(partition.messages.every(({ isControlRecord }) => isControlRecord)).toBe(true);
  expect(partition.abortedTransactions).toEqual([]);
});
