import { expect, test } from 'vitest';
import { bugOf } from '../../src/core/bug.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import { fakeDestination, fakeSubscription } from '../support/destinations.ts';
import { harness, manualSink, trackRecord } from './harness.ts';

const person = 'ada@example.com';

/** Our own code fails on one event, in the trigger. */
const shop = fakeDestination(
  [
    fakeSubscription('All', (event) => {
      if (event['event'] === 'Trap') throw new TypeError(`what is ${person}?`);
      return true;
    }),
  ],
  { name: 'shop' },
);

/** A record whose headers can't be read. */
function trapped(offset: number): SourceRecord {
  const headers = new Proxy(
    {},
    {
      ownKeys() {
        throw new RangeError(person);
      },
    },
  );
  return { ...trackRecord(offset, 'Order'), headers };
}

/** One that holds two events. */
function trappedList(offset: number): SourceRecord {
  const trap = trapped(offset);
  return { ...trap, value: Buffer.from(`[${trap.value},${trap.value}]`) };
}

async function run(records: readonly SourceRecord[]) {
  const sink = manualSink();
  const one = harness({ destinations: [shop], sinks: { shop: sink }, records });
  await one.pipe.start();
  one.source.yieldRecords(records.length);
  await one.pipe.finished();
  expect(await one.pipe.stop(60_000)).toBe(true);
  expect(one.errors).toEqual([]);
  return { ...one, sink };
}

test.each([
  ['in a trigger', (offset: number) => trackRecord(offset, 'Trap')],
  ['on its headers', trapped],
  ['on its headers, with several events', trappedList],
])('a record that our own code fails on, %s, is one dead letter, and the others go', async (_, bad) => {
  const records = [trackRecord(0, 'Order'), bad(1), trackRecord(2, 'Order')];
  const { letters, sink, source, events } = await run(records);
  expect(sink.sent).toEqual(['0-0-All', '0-2-All']);
  expect(source.committed(0)).toBe(3);
  expect(letters.map(({ record: { offset, value }, failure: { code } }) => [offset, value, code])).toEqual([
    [1, records[1]?.value, 'BUG'],
  ]);
  expect(events.filter(({ kind }) => kind === 'bug')).toMatchObject([{ topic: 'events', partition: 0, offset: 1 }]);
  expect(JSON.stringify([letters[0]?.failure, events])).not.toContain(person);
});

test('a bug has a place in the program and a fingerprint, which the data does not change', () => {
  const messageFor = (data: string) => bugOf(new TypeError(data)).message;
  const [one, other] = ['a', 'b\n    at src/b.ts:1'].map(messageFor);
  expect(one).toMatch(/TypeError at .*\(fingerprint [0-9a-f]{8}\)/);
  expect(one).not.toContain('b.ts');
  expect(other).toMatch(/TypeError at/);
  expect(bugOf('thrown').message).toContain('an exception at an unknown place');
});
