import type { Clock } from '../../core/ports.ts';
import type { Source, StartFrom } from '../../core/source.ts';
import type { KafkaConnection } from '../client/client.ts';
import type { KafkaLog } from '../client/logger.ts';
import { DEFAULT_START } from './start-position.ts';

/** What a source needs to know; times in milliseconds, sizes in bytes. */
export interface KafkaSourceConfig extends KafkaConnection {
  readonly groupId: string;
  /** Names and patterns (`/shop\..+/`). Patterns are matched when the source starts. */
  readonly topics: readonly string[];
  /** Never read, though a pattern matches: the dead-letter topics. */
  readonly excludedTopics?: readonly string[];
  /** Destinations whose parking topics, where there are any, are read beside their source topics. */
  readonly parkedFor?: readonly string[];
  /** Where a topic begins that the group has no position in. Default: 7 days ago. */
  readonly from?: StartFrom;
  /** 45,000. After a silence this long the group gives the partitions to others. */
  readonly sessionTimeoutMillis?: number;
  /** 3,000 */
  readonly heartbeatIntervalMillis?: number;
  /** 60,000 */
  readonly rebalanceTimeoutMillis?: number;
  /** 500. How long a broker may hold a fetch that finds nothing; stopping waits as long. */
  readonly maxWaitMillis?: number;
  /** 5 MiB a broker and fetch. */
  readonly maxBytes?: number;
  /** 1 MiB */
  readonly maxBytesPerPartition?: number;
  /** A position that the broker no longer has: wait for a person, or go on from the earliest. Default `hold`. */
  readonly outOfRange?: 'hold' | 'earliest';
  /** Newest version of LeaveGroup to use, in the whole process: 2 for the embedded broker, unset for all others. */
  readonly leaveGroupMaxVersion?: number;
}

export interface KafkaSourceDependencies {
  readonly clock: Clock;
  /** Something that an operator should know and that doesn't stop the source. */
  readonly warn: (code: string, message: string) => void;
  /** What the client library logs. Default: nowhere. */
  readonly log?: KafkaLog;
}

export interface KafkaSource extends Source {
  heartbeatAt(): number;
}

/** The config with nothing left open. */
export type SourceSettings = KafkaSourceConfig &
  Required<Omit<KafkaSourceConfig, keyof KafkaConnection | 'leaveGroupMaxVersion'>>;

export function withDefaults(config: KafkaSourceConfig): SourceSettings {
  return {
    ...config,
    excludedTopics: config.excludedTopics ?? [],
    parkedFor: config.parkedFor ?? [],
    from: config.from ?? DEFAULT_START,
    sessionTimeoutMillis: config.sessionTimeoutMillis ?? 45_000,
    heartbeatIntervalMillis: config.heartbeatIntervalMillis ?? 3_000,
    rebalanceTimeoutMillis: config.rebalanceTimeoutMillis ?? 60_000,
    maxWaitMillis: config.maxWaitMillis ?? 500,
    maxBytes: config.maxBytes ?? 5 * 1024 * 1024,
    maxBytesPerPartition: config.maxBytesPerPartition ?? 1024 * 1024,
    outOfRange: config.outOfRange ?? 'hold',
  };
}
