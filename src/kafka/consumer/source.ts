import type { Admin, Consumer, EachBatchPayload } from 'kafkajs';
import type { SourceHandlers } from '../../core/source.ts';
import { partitionKey, type TopicPartition } from '../../core/record.ts';
import { stickyAssigner } from './assigner.ts';
import { createAssignment } from './assignment.ts';
import { createKafkaClient, withAdmin } from '../client/client.ts';
import { createCommitter, type OffsetToCommit } from './committer.ts';
import { connectorErrorOf } from '../client/errors.ts';
import { recordsOfParked } from '../parking/parked-message.ts';
import { parkingTopic } from '../client/parking-topic-names.ts';
import { createPositions, type Positions } from './positions.ts';
import { createReader, type Reader } from './reader.ts';
import { recordsOf } from '../client/records.ts';
import { retentionOf } from './retention.ts';
import {
  type KafkaSource,
  type KafkaSourceConfig,
  type KafkaSourceDependencies,
  withDefaults,
} from './source-config.ts';
import { type Started, startedOnce } from './started.ts';
import { limitLeaveGroup } from '../client/timer-patch.ts';
import { resolveTopics } from '../client/topics.ts';

const STOP_WITHIN_MILLIS = 10_000;

/**
 * A member of a consumer group, on kafkajs. It parses nothing and commits nothing by itself.
 *
 * A partition is handed over under an epoch once its position is known, and keeps that epoch through rebalances for as
 * long as it is certain that nobody else had it in between: same member id, and one single request to join since the
 * last one (a group can't complete a generation without a member and keep its id, but a second request means that a
 * generation was formed in which the partition may have been another's). kafkajs would then read again from the commit;
 * we make it go on where we are, so that records in flight aren't sent twice. In all other cases the partition is lost
 * and assigned anew, and reading begins at the commit.
 *
 * `start` rejects with a `ConnectorError` that names the setting at fault; afterwards `handlers.failed` gets one when
 * the consumer ends for good. While the cluster is away the source isn't `ready` and joins again by itself.
 */
export function kafkaSource(config: KafkaSourceConfig, dependencies: KafkaSourceDependencies): KafkaSource {
  const settings = withDefaults(config);
  const { clock, warn } = dependencies;
  const place = { brokers: settings.brokers, groupId: settings.groupId, topics: settings.topics };
  const assignment = createAssignment();
  const paused = new Set<string>();
  const stopping = new AbortController();
  const admin = <T>(work: Parameters<typeof withAdmin<T>>[3]) => withAdmin(settings, log, place, work);

  let consumer: Consumer | undefined;
  let reader: Reader | undefined;
  let positions: Positions | undefined;
  /** The commit of kafkajs that neither tries again under a later generation nor does nothing in silence. */
  let commitOnce: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  /** Counts joins and departures: what was begun under another number is void. */
  let generation = 0;
  let joined = false;
  let quiesced = false;
  let memberId = '';
  let requestsToJoin = 0;
  /** When the last request was sent that the group has answered by counting us in; 0: it doesn't. */
  let heartbeatAt = 0;
  /** When the last heartbeat, or request for our share, was sent that was answered at all. */
  let answeredSentAt = 0;

  const committer = createCommitter(assignment, send);

  async function send(offsets: readonly OffsetToCommit[]): Promise<void> {
    const stringOffsets = offsets.map((one) => ({ ...one, offset: String(one.offset) }));
    if (commitOnce === undefined) return consumer?.commitOffsets(stringOffsets);
    const topics = [...new Set(offsets.map(({ topic }) => topic))];
    return commitOnce({
      topics: topics.map((topic) => ({ topic, partitions: stringOffsets.filter((one) => one.topic === topic) })),
    });
  }

  function log(...[level, message, fields]: Parameters<NonNullable<KafkaSourceDependencies['log']>>): void {
    dependencies.log?.(level, message, fields);
    // The only sign of it: there is no event, and when the partition is empty by now no batch comes either.
    if (!message.startsWith('[ConsumerGroup] Offset out of range, resetting')) return;
    const { topic, partition } = fields;
    const owned = assignment.get({ topic: String(topic), partition: Number(partition) });
    if (owned !== undefined) void positions?.recheck(owned);
  }

  /** Makes kafkajs's own pauses what they should be. It keeps them through a rebalance, but not through a restart. */
  function applyPauses(): void {
    if (!joined || consumer === undefined) return;
    for (const owned of assignment.all()) {
      const stop = quiesced || owned.phase !== 'reading' || paused.has(partitionKey(owned));
      const one = [{ topic: owned.topic, partitions: [owned.partition] }];
      if (stop) consumer.pause(one);
      else consumer.resume(one);
    }
  }

  function seek(partition: TopicPartition & { readonly next: number }): void {
    if (joined) consumer?.seek({ ...partition, offset: String(partition.next) });
  }

  function leave(handlers: SourceHandlers): void {
    generation++;
    joined = false;
    commitOnce = undefined;
    heartbeatAt = 0;
    paused.clear();
    const lost = assignment.clear().filter(({ epoch }) => epoch !== undefined);
    if (lost.length > 0) handlers.lost(lost.map(({ topic, partition }) => ({ topic, partition })));
  }

  function listen(running: Consumer, handlers: SourceHandlers, topics: readonly string[], started: Started): void {
    const { events } = running;
    running.on(events.GROUP_JOIN, ({ payload }) => {
      if (stopping.signal.aborted) return void running.disconnect();
      const given = Object.entries(payload.memberAssignment).flatMap(([topic, partitions]) =>
        partitions.map((partition) => ({ topic, partition })),
      );
      const continuous = payload.memberId === memberId && requestsToJoin === 1;
      memberId = payload.memberId;
      requestsToJoin = 0;
      joined = true;
      heartbeatAt = answeredSentAt;
      const mine = ++generation;
      const { lost, kept } = assignment.join(given, continuous);
      for (const one of lost) paused.delete(partitionKey(one));
      const told = lost.filter(({ epoch }) => epoch !== undefined);
      if (told.length > 0) handlers.lost(told.map(({ topic, partition }) => ({ topic, partition })));
      for (const one of kept) seek(one);
      applyPauses();
      void positions
        ?.settle(topics, payload.isLeader, () => mine === generation)
        .then(() => {
          if (mine === generation) started.resolve();
        })
        .catch((error: unknown) => handlers.failed(connectorErrorOf(error, place)));
    });
    running.on(events.STOP, () => {
      // From here on, and before a crash is told, kafkajs throws on pause, resume and seek.
      joined = false;
    });
    // The answer of a heartbeat may be read late, by a process that was stopped: the group counts from the sending.
    running.on(events.REQUEST, ({ payload: { apiName, sentAt } }) => {
      if (apiName === 'Heartbeat' || apiName === 'SyncGroup') answeredSentAt = sentAt;
    });
    running.on(events.HEARTBEAT, () => {
      heartbeatAt = answeredSentAt;
    });
    running.on(events.COMMIT_OFFSETS, ({ payload }) => {
      committer.acknowledged(
        payload.topics.flatMap(({ topic, partitions }) =>
          partitions.map(({ partition, offset }) => ({ topic, partition, offset: String(offset) })),
        ),
      );
    });
    running.on(events.START_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) reader?.empty(payload, payload.lastOffset);
    });
    running.on(events.CRASH, ({ payload }) => {
      leave(handlers);
      const error = connectorErrorOf(payload.error, place);
      if (stopping.signal.aborted) return;
      if (payload.restart) return warn('KAFKA_DISCONNECTED', `${error.message}; joining again`);
      if (!started.reject(error)) handlers.failed(error);
    });
  }

  /** What is read: the topics of the settings, and beside them those where their records are parked. */
  async function findTopics(client: Admin): Promise<{ topics: readonly string[]; parking: ReadonlySet<string> }> {
    const topics = await resolveTopics(client, settings.topics, settings.excludedTopics);
    const existing = settings.parkedFor.length === 0 ? [] : await client.listTopics();
    const possible = topics.flatMap((topic) => settings.parkedFor.map((name) => parkingTopic(topic, name)));
    const parking = new Set(possible.filter((topic) => existing.includes(topic)));
    return { topics: [...topics, ...parking], parking };
  }

  async function start(handlers: SourceHandlers): Promise<void> {
    if (settings.leaveGroupMaxVersion !== undefined) limitLeaveGroup(settings.leaveGroupMaxVersion);
    const { topics, parking } = await admin(findTopics);
    if (stopping.signal.aborted) return;
    const assigner = stickyAssigner({
      joining: () => {
        requestsToJoin++;
      },
      owned: () => assignment.all(),
    });
    const running = createKafkaClient(settings, log).consumer({
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
    });
    consumer = running;
    const started = startedOnce(stopping.signal);
    const { signal } = stopping;
    positions = createPositions({
      settings,
      dependencies,
      assignment,
      committer,
      handlers: {
        ...handlers,
        lost(partitions) {
          // Whoever gets it back hasn't asked for a pause.
          for (const one of partitions) paused.delete(partitionKey(one));
          handlers.lost(partitions);
        },
      },
      admin,
      seek,
      changed: applyPauses,
      signal,
      parking,
    });
    reader = createReader({
      assignment,
      handlers,
      stopped: (partition) => quiesced || signal.aborted || paused.has(partitionKey(partition)),
      seek,
      records: (batch) =>
        parking.has(batch.topic) ? recordsOfParked(recordsOf(batch), settings.groupId) : recordsOf(batch),
      mismatch: (partition) => void positions?.recheck(partition),
    });
    const { batch: take } = reader;
    listen(running, handlers, topics, started);
    try {
      await running.connect();
      if (signal.aborted) return;
      await running.subscribe({ topics: [...topics], fromBeginning: true });
      await running.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: 1,
        eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary }) => {
          commitOnce = commitOffsetsIfNecessary;
          take(batch, resolveOffset);
        },
      });
      await started.promise;
    } catch (error) {
      await stop();
      throw connectorErrorOf(error, place);
    }
  }

  async function stop(): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort();
    generation++;
    joined = false;
    const ending = consumer?.disconnect().catch(() => undefined);
    const timer = new AbortController();
    await Promise.race([ending, clock.sleep(STOP_WITHIN_MILLIS, timer.signal)]);
    timer.abort();
    assignment.clear();
  }

  return {
    start,
    stop,
    pause: (partitions) => {
      for (const one of partitions) if (assignment.get(one) !== undefined) paused.add(partitionKey(one));
      applyPauses();
    },
    resume: (partitions) => {
      for (const one of partitions) paused.delete(partitionKey(one));
      applyPauses();
    },
    commit: (requests) => committer.commit(requests),
    quiesce: async () => {
      quiesced = true;
      applyPauses();
    },
    held: () =>
      assignment
        .all()
        .filter(({ phase }) => phase === 'held')
        .map(({ topic, partition, next }) => ({
          topic,
          partition,
          reason: `partition ${partition} of ${topic} is held: the broker no longer has offset ${next} (KAFKA_OUT_OF_RANGE)`,
        })),
    withhold: (partition) => positions?.withhold(partition),
    readmit: (partition) => positions?.readmit(partition),
    retention: (partitions) => admin((client) => retentionOf(client, partitions)),
    ready: () => joined && assignment.all().every(({ phase }) => phase === 'reading' || phase === 'withheld'),
    heartbeatAt: () => heartbeatAt,
  };
}

/** How soon new partitions of a topic are noticed. */
const METADATA_MAX_AGE_MILLIS = 60_000;
