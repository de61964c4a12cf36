import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { KafkaMessage } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { deadLetterKey } from '../../src/core/dead-letter-key.ts';
import { subscriptionKey } from '../../src/core/subscription-key.ts';
import { parseCommitText } from '../../src/kafka/consumer/topic-logs.ts';
import { deadLetterOfMessage } from '../../src/kafka/dead-letters/dead-letter-message.ts';
import { recordsOfParked } from '../../src/kafka/parking/parked-message.ts';
import { fingerprintOf, parseMetadata } from '../../src/pipeline/partition/commit-metadata.ts';

const folder = resolve(import.meta.dirname, '../fixtures/releases');
const releases = globSync('*/kafka.json', { cwd: folder }).map(dirname);

interface Written {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, Buffer | Buffer[]>>;
}

/** What scripts/release-fixtures.ts has kept, with bytes where Kafka has bytes. */
function keptBy(release: string): {
  readonly deadLetter: Written;
  readonly deadLetterKey: string;
  readonly parked: Written;
  readonly commit: { readonly offset: number; readonly text: string };
} {
  const kept = JSON.parse(readFileSync(join(folder, release, 'kafka.json'), 'utf8'), (_, value) =>
    typeof value?.base64 === 'string' ? Buffer.from(value.base64, 'base64') : value,
  );
  for (const { headers } of [kept.deadLetter, kept.parked]) {
    for (const [name, value] of Object.entries(headers)) {
      if (typeof value === 'string') headers[name] = Buffer.from(value);
    }
  }
  return kept;
}

const record = {
  ...{ topic: 'orders', partition: 3, offset: 41, timestamp: 1_700_000_000_000 },
  ...{ key: Buffer.from('k-1'), value: Buffer.from('{"type":"track","event":"Order Completed"}') },
};
const headers = {
  traceparent: Buffer.from('00-1-2-01'),
  empty: null,
  twice: [Buffer.from('a'), Buffer.from('b')],
};

it('there is a release whose writings are kept', () => {
  expect(releases).not.toEqual([]);
});

describe.each(releases)('what %s wrote to Kafka is read by this release', (release) => {
  const kept = keptBy(release);

  it('a dead letter, with the record byte for byte and all that is known of why', () => {
    const message: KafkaMessage = { ...kept.deadLetter, timestamp: '1', attributes: 0, offset: '7' };
    const letter = deadLetterOfMessage(message);
    expect(letter).toMatchObject({
      record: { ...record, headers },
      failure: {
        ...{ code: 'META_100_2804003', message: 'Too old.', field: 'event_time', entries: 'userListAdd[3,7-9]' },
        meta: { status: 400, fbtraceId: 'AbC' },
      },
      ...{ destination: 'shop', subscription: 'orders', action: 'purchase', eventId: 'e-1', attempts: 2 },
      ...{ at: 1_700_000_100_000, people: ['0123456789abcdef'], replayCount: 0 },
    });
    if (letter === undefined) throw new Error('it was not read');
    // A replay that was marked under this key is not repeated.
    expect(deadLetterKey(letter)).toBe(kept.deadLetterKey);
  });

  it('a parked record, with the lanes that wait for it', () => {
    const read = { ...kept.parked, topic: 'orders.parked.shop', partition: 3, offset: 9, next: 10, timestamp: 5 };
    const [parked] = recordsOfParked([read], 'group');
    expect(parked).toMatchObject({
      ...record,
      headers,
      next: 10,
      parked: { at: 9, destination: 'shop', subscription: 'orders', lanes: ['audience 7'] },
    });
    expect(recordsOfParked([read], 'another group')).toEqual([]);
  });

  it('what is committed beside an offset: the log, what is done above it, and how the process ended', () => {
    const { offset, text } = kept.commit;
    const { log, metadata } = parseCommitText(text);
    expect(log).toBe('bG9n');
    const { done, clean } = parseMetadata(metadata, offset);
    expect(clean).toBe(false);
    expect(done.get(fingerprintOf(subscriptionKey('shop', 'orders')))).toEqual({ to: 120, holes: [105, 110] });
  });
});
