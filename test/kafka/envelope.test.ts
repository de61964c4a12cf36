import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { KafkaMessage, Message } from 'kafkajs';
import { expect, test } from 'vitest';
import type { RecordHeaders, SourceRecord } from '../../src/core/record.ts';
import { parseDeadLetter, printDeadLetter } from '../../src/file/dead-letter-line.ts';
import { recordOf } from '../../src/kafka/client/records.ts';
import { messageOfDeadLetter } from '../../src/kafka/dead-letters/dead-letter-message.ts';
import { messageOfParked, recordsOfParked } from '../../src/kafka/parking/parked-message.ts';
import { createPendingRecord } from '../../src/pipeline/partition/in-flight-record.ts';
import { createPartition } from '../../src/pipeline/partition/partition.ts';
import { createRecordArenas } from '../../src/pipeline/partition/record-arena.ts';
import { type Envelope, envelopes, onTheWire } from '../support/kafka-envelopes.ts';

const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
const decodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0/decoder') as (
  decoder: object,
  batch: object,
) => KafkaMessage;
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => { buffer: Buffer };

/** As the source reads it. */
function read(envelope: Envelope): SourceRecord {
  const message = decodeRecord(new Decoder(onTheWire(envelope, 3n)), { firstOffset: '0', firstTimestamp: '0' });
  return recordOf({ topic: 'events', partition: 0 }, message, 4);
}

/** The record while it is in flight. */
function held(record: SourceRecord): SourceRecord {
  const partition = createPartition({ topic: 'events', partition: 0, position: 0 }, 1, 0);
  const slot = partition.tracker.begin(record.next);
  return createPendingRecord({ partition, record, slot, arenaFor: createRecordArenas(), released: () => undefined })
    .record;
}

/** As a broker gives a message back that we have sent. */
function sentAndRead({ key, value, headers = {} }: Message): KafkaMessage {
  const { buffer } = encodeRecord({ key, value, headers });
  const decoder = new Decoder(buffer) as { readVarInt(): number };
  decoder.readVarInt();
  return decodeRecord(decoder, { firstOffset: '0', firstTimestamp: '0' });
}

/** Every header as a pair, so that a repeated name and a single one compare alike. */
function pairsOf(headers: RecordHeaders | undefined): readonly (readonly [string, string | null])[] {
  return Object.entries(headers ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(
      (one) => [name, one === null || one === undefined ? null : Buffer.from(one).toString('hex')] as const,
    ),
  );
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : a > b ? 1 : 0);
const failure = { code: 'BAD', message: 'bad' };

test('a record of any legal envelope is held as it came, header values that are null too', () => {
  fc.assert(
    fc.property(envelopes, (envelope) => {
      const { key, value, headers, timestamp } = held(read(envelope));
      expect({ key, value, timestamp }).toEqual({
        key: envelope.key,
        value: envelope.value,
        timestamp: Number(envelope.timestamp),
      });
      const expected = envelope.headers.map(([name, said]) => [name, said?.toString('hex') ?? null] as const);
      expect(pairsOf(headers).toSorted(byName)).toEqual(expected.toSorted(byName));
    }),
    { numRuns: 1_000 },
  );
});

test('a record of any legal envelope can be written as a dead letter, to a topic and to a file, and parked', () => {
  fc.assert(
    fc.property(envelopes, (envelope) => {
      const record = held(read(envelope));
      const letter = { record, failure, at: 9 };
      const message = messageOfDeadLetter(letter, { connectorName: 'c', taskId: '0' }, 'all');
      expect(sentAndRead(message)).toMatchObject({ key: record.key, value: record.value });
      const line = parseDeadLetter(printDeadLetter(letter));
      expect(pairsOf(line?.record.headers)).toEqual(pairsOf(record.headers));
      const parked = messageOfParked({ record, destination: 'web', subscription: 'Orders' }, 'group');
      const back = recordOf({ topic: 'events.parked.web', partition: 0 }, sentAndRead(parked), 4);
      expect(recordsOfParked([back], 'group')).toMatchObject([{ key: record.key, value: record.value }]);
    }),
    { numRuns: 1_000 },
  );
});

test('a header without a value is told in the letter: null in a file, noted by name in a topic', () => {
  const envelope = { key: null, value: Buffer.from('{}'), timestamp: 0n, headers: [['trace', null]] } as const;
  const letter = { record: held(read(envelope)), failure, at: 9 };
  expect(JSON.parse(printDeadLetter(letter))).toMatchObject({ headers: { trace: null } });
  const { headers } = messageOfDeadLetter(letter, { connectorName: 'c', taskId: '0' }, 'all');
  expect(headers).toMatchObject({ trace: Buffer.alloc(0), 'meta-actions.null-headers': 'trace' });
});
