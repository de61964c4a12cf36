import { ConnectorError } from '../../core/errors.ts';
import type { SourceHistory } from '../../core/ports.ts';
import { type KafkaConnection, withAdmin } from '../client/client.ts';
import { errorNamesOf, protocolTypesOf } from '../client/errors.ts';
import type { KafkaLog } from '../client/logger.ts';
import { readToEnd } from '../client/read-to-end.ts';
import { recordOf } from '../client/records.ts';

export interface KafkaSourceHistoryConfig extends KafkaConnection {
  /** The connector's group; the history reads with `.replay.source` appended to it. */
  readonly groupId: string;
  /** Other groups whose members may be sending at this moment. */
  readonly otherSenders: readonly string[];
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** What the topics of a cluster hold at the time of the call. */
export function createKafkaSourceHistory(
  config: KafkaSourceHistoryConfig,
  log: KafkaLog = () => undefined,
): SourceHistory {
  const { brokers, groupId } = config;
  const topics = new Map<string, Promise<ReadonlyMap<number, Range>>>();
  let running: Promise<boolean> | undefined;

  /** Empty for a topic that isn't there. */
  function rangesOf(topic: string): Promise<ReadonlyMap<number, Range>> {
    let ranges = topics.get(topic);
    if (ranges === undefined) {
      ranges = withAdmin(config, log, { brokers, topics: [topic] }, async (admin) => {
        if (!(await admin.listTopics()).includes(topic)) return new Map();
        const found = await admin.fetchTopicOffsets(topic);
        return new Map(
          found.map((offsets) => [offsets.partition, { low: Number(offsets.low), high: Number(offsets.high) }]),
        );
      });
      topics.set(topic, ranges);
    }
    return ranges;
  }

  async function hasMembers(group: string): Promise<boolean> {
    try {
      const place = { brokers, groupId: group };
      const { groups } = await withAdmin(config, log, place, (admin) => admin.describeGroups([group]));
      return groups.some(({ members }) => members.length > 0);
    } catch (error) {
      const cause = error instanceof ConnectorError ? error.cause : error;
      // The embedded broker doesn't know the request, and nobody runs a second process on it.
      if (errorNamesOf(cause).has('KafkaJSServerDoesNotSupportApiKey')) return false;
      // A group that this user may not even see is not one that it runs.
      if (group !== groupId && protocolTypesOf(cause).has('GROUP_AUTHORIZATION_FAILED')) return false;
      throw error;
    }
  }

  async function anybodySends(): Promise<boolean> {
    for (const group of [groupId, ...config.otherSenders]) if (await hasMembers(group)) return true;
    return false;
  }

  return {
    async obstacle({ topic, partition, offset }) {
      running ??= anybodySends();
      if (await running) return 'group_running';
      const range = (await rangesOf(topic)).get(partition);
      return range === undefined || range.low > offset + 1 || range.high <= offset ? 'range_gone' : undefined;
    },
    async *read(topic, from) {
      if ((await rangesOf(topic)).size === 0) return;
      for await (const { partition, message } of readToEnd(config, topic, `${groupId}.replay.source`, log, from)) {
        yield recordOf({ topic, partition }, message, Number(message.offset) + 1);
      }
    },
  };
}
