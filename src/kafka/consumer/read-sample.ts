import type { Clock } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { StartFrom } from '../../core/source.ts';
import { type KafkaConnection, withAdmin } from '../client/client.ts';
import { readToEnd } from '../client/read-to-end.ts';
import { recordOf } from '../client/records.ts';
import { FIRST_TIME, firstPositions, startTimeOf, topicOffsets } from './start-position.ts';

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
  const silent = () => undefined;
  const first = await withAdmin(connection, silent, place, async (admin) => {
    const offsets = await topicOffsets(admin, groupId, topic, undefined);
    const positions = await firstPositions(admin, topic, start, offsets, clock);
    return positions.map(
      ({ partition, position }) => [partition, start === 'latest' ? position - limit : position] as const,
    );
  });
  const records: SourceRecord[] = [];
  for await (const { partition, message } of readToEnd(connection, topic, groupId, silent, new Map(first))) {
    const record = recordOf({ topic, partition }, message, Number(message.offset) + 1);
    if (isTooOld(record, start, clock)) continue;
    records.push(record);
    // Partitions come one after another, so the newest of all are known at the end only.
    if (start === 'latest') keepNewest(records, limit, 2 * limit);
    else if (records.length === limit) break;
  }
  keepNewest(records, limit, limit);
  return records.sort(byTime);
}

/** Records need not stand in the order of their time; those without one are of any. */
function isTooOld({ timestamp }: SourceRecord, start: StartFrom, clock: Clock): boolean {
  const since = startTimeOf(start, clock);
  return since !== undefined && timestamp >= FIRST_TIME && timestamp < since;
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
