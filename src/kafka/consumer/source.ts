import type { Admin, Cluster, Consumer, ConsumerConfig, PartitionAssigner } from 'kafkajs';
import type { TopicPartition } from '../../core/record.ts';
import type { SourceHandlers } from '../../core/source.ts';
import { createKafkaClient, withAdmin } from '../client/client.ts';
import { connectorErrorOf } from '../client/errors.ts';
import type { KafkaLog } from '../client/logger.ts';
import { recordsOf } from '../client/records.ts';
import { keepCommitsOutOfRange } from '../client/offset-reset-patch.ts';
import { toleratesMissingTopics } from '../client/missing-topics.ts';
import { limitLeaveGroup } from '../client/timer-patch.ts';
import { topicIds } from '../client/topic-ids.ts';
import { recordsOfParked } from '../parking/parked-message.ts';
import { createStickyAssigner } from './assigner.ts';
import { type Assignment, createAssignment } from './assignment.ts';
import { createCommitRequests } from './commit-request.ts';
import { createCommitter } from './committer.ts';
import { createFetching } from './fetching.ts';
import { endsOf } from './ends.ts';
import { followGroup } from './group-events.ts';
import { goneText } from './log-change.ts';
import { watchLogs } from './log-watch.ts';
import { createMembership, type Membership } from './membership.ts';
import { createPositions, type Positions } from './positions.ts';
import { createReader, type Reader } from './reader.ts';
import { retentionOf } from './retention.ts';
import {
  type KafkaSource,
  type KafkaSourceConfig,
  type KafkaSourceDependencies,
  type SourceSettings,
  withDefaults,
} from './source-config.ts';
import { createStarted } from './started.ts';
import { createTopicLogs, type TopicLogs } from './topic-logs.ts';
import { type TopicsToRead, topicsToRead } from './topics-to-read.ts';

const STOP_WITHIN_MILLIS = 10_000;

/** How soon new partitions of a topic are noticed. */
const METADATA_MAX_AGE_MILLIS = 60_000;

/**
 * A member of a consumer group, on kafkajs. It parses nothing and commits nothing by itself.
 *
 * A partition is handed to the pipeline under an epoch once its position is known. It keeps that epoch through
 * rebalances for as long as it is certain that nobody else had it in between (`Membership.joined`). After a rebalance
 * kafkajs would read again from the commit; we make it go on where we are, so that records in flight aren't sent twice.
 * In all other cases the partition is lost and assigned anew, and reading begins at the commit.
 *
 * `start` rejects with a `ConnectorError` that names the setting at fault; afterwards `handlers.failed` gets one when
 * the consumer ends for good. While the cluster is away the source isn't `ready` and joins again by itself.
 */
export function createKafkaSource(config: KafkaSourceConfig, dependencies: KafkaSourceDependencies): KafkaSource {
  const settings = withDefaults(config);
  const { clock } = dependencies;
  const place = { brokers: settings.brokers, groupId: settings.groupId, topics: settings.topics };
  const stopping = new AbortController();
  const { signal } = stopping;

  let consumer: Consumer | undefined;
  let cluster: Cluster | undefined;
  let positions: Positions | undefined;
  const assignment = createAssignment();
  const membership = createMembership();
  const fetching = createFetching({
    assignment,
    joined: () => (membership.isJoined() ? consumer : undefined),
    clock,
    longestWaitMillis: settings.maxWaitMillis,
  });
  const logs = createTopicLogs(async (topics) => (cluster === undefined ? new Map() : topicIds(cluster, topics)));
  const commitRequests = createCommitRequests(() => consumer);
  const committer = createCommitter(assignment, commitRequests.send);

  const log: KafkaLog = (level, message, fields) => {
    dependencies.log?.(level, message, fields);
    const owned = outOfRange(message, fields, assignment);
    if (owned !== undefined) void positions?.checkRange(owned);
  };
  const admin = <T>(work: (admin: Admin) => Promise<T>) => withAdmin(settings, log, place, work);

  function createConsumer(): Consumer {
    const assigner = createStickyAssigner({
      joining: membership.joining,
      sharing: membership.sharing,
      owned: () => assignment.all(),
      cluster: (given) => {
        if (cluster !== given) toleratesMissingTopics(given, logs.missing);
        cluster = given;
      },
    });
    return createKafkaClient(settings, log).consumer(consumerConfig(settings, assigner));
  }

  function createParts(handlers: SourceHandlers, parking: ReadonlySet<string>): ConsumerParts {
    const ownPositions = createPositions({
      ...{ settings, dependencies, assignment, committer, admin, signal, parking, logs },
      handlers: {
        ...handlers,
        lost(partitions) {
          fetching.forget(partitions);
          handlers.lost(partitions);
        },
      },
      seek: fetching.seek,
      changed: fetching.apply,
    });
    const reader = createReader({
      assignment,
      handlers,
      stopped: (partition) => signal.aborted || fetching.isStopped(partition),
      seek: fetching.seek,
      records: (batch) =>
        parking.has(batch.topic) ? recordsOfParked(recordsOf(batch), settings.groupId) : recordsOf(batch),
      mismatch: (partition) => void ownPositions.checkRange(partition),
    });
    return { positions: ownPositions, reader };
  }

  /** Resolves when the group has counted us in and every position is known, or when the source stops. */
  async function join(running: Consumer, { topics, parking }: TopicsToRead, handlers: SourceHandlers): Promise<void> {
    const started = createStarted(signal);
    const parts = createParts(handlers, parking);
    positions = parts.positions;
    void watchLogs({ assignment, logs, positions, clock, signal });
    followGroup(running, {
      ...{ assignment, membership, fetching, commitRequests, committer, handlers, topics, started, logs, ...parts },
      clock,
      stopped: signal,
      warn: dependencies.warn,
      explain: (error) => connectorErrorOf(error, place),
    });
    await running.connect();
    if (signal.aborted) return;
    await running.subscribe({ topics: [...topics], fromBeginning: true });
    await running.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: async (payload) => {
        if (payload.isRunning()) commitRequests.use(payload);
        parts.reader.batch(payload.batch, payload.resolveOffset);
        await fetching.goesOn();
      },
    });
    await started.promise;
  }

  async function start(handlers: SourceHandlers): Promise<void> {
    keepCommitsOutOfRange();
    if (settings.leaveGroupMaxVersion !== undefined) limitLeaveGroup(settings.leaveGroupMaxVersion);
    const toRead = await admin((client) => topicsToRead(client, settings));
    if (signal.aborted) return;
    consumer = createConsumer();
    try {
      await join(consumer, toRead, handlers);
    } catch (error) {
      await stop();
      throw connectorErrorOf(error, place);
    }
  }

  async function stop(): Promise<void> {
    if (signal.aborted) return;
    stopping.abort();
    fetching.quiesce();
    membership.suspend();
    const left = consumer?.disconnect().catch(() => undefined);
    const timer = new AbortController();
    await Promise.race([left, clock.sleep(STOP_WITHIN_MILLIS, timer.signal)]);
    timer.abort();
    assignment.clear();
  }

  /** For how long the group has heard nothing of us, once that is too long; 0: not too long. */
  function silentMillis(): number {
    const millis = clock.monotonic() - membership.heartbeatAt();
    return membership.isJoined() && millis > settings.sessionTimeoutMillis ? millis : 0;
  }

  return {
    start,
    stop,
    pause: fetching.pause,
    resume: fetching.resume,
    commit: (requests) => committer.commit(requests),
    quiesce: async () => fetching.quiesce(),
    held: () => [...heldPartitions(assignment), ...goneTopics(logs)],
    withhold: (partition) => positions?.withhold(partition),
    readmit: (partition) => positions?.readmit(partition),
    ends: async (partitions) => (cluster === undefined ? [] : endsOf(cluster, partitions)),
    retention: (partitions) => admin((client) => retentionOf(client, partitions)),
    ready: () =>
      membership.isJoined() && assignment.all().every(({ phase }) => phase === 'reading' || phase === 'withheld'),
    waits: () => waitingTexts(membership, assignment, silentMillis()),
    heartbeatAt: membership.heartbeatAt,
  };
}

interface ConsumerParts {
  readonly positions: Positions;
  readonly reader: Reader;
}

function consumerConfig(settings: SourceSettings, assigner: PartitionAssigner): ConsumerConfig {
  return {
    groupId: settings.groupId,
    partitionAssigners: [assigner],
    sessionTimeout: settings.sessionTimeoutMillis,
    heartbeatInterval: settings.heartbeatIntervalMillis,
    rebalanceTimeout: settings.rebalanceTimeoutMillis,
    maxWaitTimeInMs: settings.maxWaitMillis,
    maxBytes: settings.maxBytes,
    maxBytesPerPartition: settings.maxBytesPerPartition,
    readUncommitted: false,
    allowAutoTopicCreation: false,
    metadataMaxAge: METADATA_MAX_AGE_MILLIS,
  };
}

/**
 * The partition of ours whose offset is out of range, if that is what kafkajs logs. The log is the only sign of it:
 * there is no event, and if the partition is empty by now, no batch comes either.
 */
function outOfRange(message: string, fields: Readonly<Record<string, unknown>>, assignment: Assignment) {
  if (!message.startsWith('[ConsumerGroup] Offset out of range, resetting')) return undefined;
  return assignment.get({ topic: String(fields['topic']), partition: Number(fields['partition']) });
}

/** Why nothing is read, or not all. */
function waitingTexts(membership: Membership, assignment: Assignment, silentMillis: number): readonly string[] {
  const trouble = membership.trouble();
  if (trouble !== undefined) return [`nothing is read: ${trouble}`];
  if (silentMillis > 0) {
    const seconds = Math.round(silentMillis / 1_000);
    return [`nothing is read: no broker has answered for ${seconds} s; check that they are up, and KAFKA_BROKERS`];
  }
  const looked = assignment.all().filter(({ phase }) => phase === 'starting' || phase === 'checking');
  if (looked.length === 0) return [];
  return [`${looked.length} partitions are not read yet: it is being looked up where they go on`];
}

function goneTopics(logs: TopicLogs): readonly (TopicPartition & { readonly reason: string })[] {
  return [...logs.gone()].map((topic) => ({ topic, partition: 0, reason: goneText(topic) }));
}

function heldPartitions(assignment: Assignment): readonly (TopicPartition & { readonly reason: string })[] {
  return assignment
    .all()
    .filter(({ phase }) => phase === 'held')
    .map(({ topic, partition, next }) => ({
      topic,
      partition,
      reason: `partition ${partition} of ${topic} is held: the broker no longer has offset ${next} (KAFKA_OUT_OF_RANGE)`,
    }));
}
