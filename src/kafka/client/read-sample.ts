import type { Admin } from 'kafkajs';
import type { Clock } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { StartFrom } from '../../core/source.ts';
import { type KafkaConnection, withAdmin } from './client.ts';
import { readToEnd } from './read-to-end.ts';
import { recordOf } from './records.ts';

interface Sample {
  readonly topic: string;
  readonly limit: number;
  /** `latest`: the newest records. */
  readonly start: StartFrom;
  /** Nobody else's: nothing is committed for it. */
  readonly groupId: string;
}

/** Some records of a topic in the order of their time, as far as the topic holds so many now. */
export async function readSample(
  connection: KafkaConnection,
  { topic, limit, start, groupId }: Sample,
  clock: Clock,
): Promise<readonly SourceRecord[]> {
  const place = { brokers: connection.brokers, topics: [topic] };
  const first = await withAdmin(
    connection,
    () => undefined,
    place,
    (admin) => firstOffsets(admin, topic, start, limit, clock),
  );
  const records: SourceRecord[] = [];
  for await (const { partition, message } of readToEnd(connection, topic, groupId, undefined, first)) {
    records.push(recordOf({ topic, partition }, message, Number(message.offset) + 1));
    // Partitions come one after another, so the newest of all are known at the end only.
    if (start === 'latest') keepNewest(records, limit, 2 * limit);
    else if (records.length === limit) break;
  }
  keepNewest(records, limit, limit);
  return records.sort(byTime);
}

/** Once there are more than so many, so that not all partitions' are held. */
function keepNewest(records: SourceRecord[], limit: number, held: number): void {
  if (records.length <= held) return;
  records.sort(byTime);
  records.splice(0, records.length - limit);
}

function byTime(left: SourceRecord, right: SourceRecord): number {
  return left.timestamp - right.timestamp || left.offset - right.offset;
}

async function firstOffsets(
  admin: Admin,
  topic: string,
  start: StartFrom,
  limit: number,
  clock: Clock,
): Promise<ReadonlyMap<number, number>> {
  if (typeof start === 'string') {
    const ranges = await admin.fetchTopicOffsets(topic);
    const from = (low: number, high: number) => (start === 'earliest' ? low : Math.max(low, high - limit));
    return new Map(ranges.map(({ partition, low, high }) => [partition, from(Number(low), Number(high))]));
  }
  const timestamp = 'timestamp' in start ? start.timestamp : clock.now() - start.agoMillis;
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, timestamp);
  return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
}
