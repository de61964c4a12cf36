import type { Consumer, ConsumerCrashEvent, ConsumerGroupJoinEvent } from 'kafkajs';
import type { ConnectorError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import type { SourceHandlers } from '../../core/source.ts';
import type { Assignment, OwnedPartition } from './assignment.ts';
import type { CommitRequests } from './commit-request.ts';
import type { Committer } from './committer.ts';
import type { Fetching } from './fetching.ts';
import type { Membership } from './membership.ts';
import type { Positions } from './positions.ts';
import type { Reader } from './reader.ts';
import { createSendingTime } from './sending-time.ts';
import type { Started } from './started.ts';
import type { TopicLogs } from './topic-logs.ts';

export interface GroupEventsParts {
  readonly assignment: Assignment;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly fetching: Fetching;
  readonly commitRequests: CommitRequests;
  readonly committer: Committer;
  readonly positions: Positions;
  readonly reader: Reader;
  readonly handlers: SourceHandlers;
  readonly topics: readonly string[];
  readonly started: Started;
  readonly logs: TopicLogs;
  readonly stopped: AbortSignal;
  readonly warn: (code: string, message: string) => void;
  /** The error as it is told to people. */
  readonly explain: (error: unknown) => ConnectorError;
}

/** Follows what becomes of the consumer in its group: joins, heartbeats, acknowledged commits, crashes. */
export function followGroup(consumer: Consumer, parts: GroupEventsParts): void {
  const { membership, committer, reader, stopped, clock } = parts;
  const { events } = consumer;
  consumer.on(events.GROUP_JOIN, ({ payload }) => {
    if (stopped.aborted) void consumer.disconnect();
    else join(payload, parts);
  });
  // From here on, and before a crash is told, kafkajs throws on pause, resume and seek.
  consumer.on(events.STOP, () => membership.suspend());
  // The answer to a heartbeat may be read late, by a process that stood still: the group counts from the sending.
  const sendingTime = createSendingTime(clock);
  consumer.on(events.REQUEST, ({ payload: { apiName, sentAt } }) => {
    const at = sendingTime(sentAt);
    if (at !== undefined) membership.answered(apiName, at);
  });
  consumer.on(events.HEARTBEAT, () => membership.heartbeat());
  consumer.on(events.COMMIT_OFFSETS, ({ payload }) => {
    committer.acknowledged(
      payload.topics.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => ({ topic, partition, offset: String(offset) })),
      ),
    );
  });
  consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
    if (payload.batchSize === 0) reader.empty(payload, payload.lastOffset);
  });
  consumer.on(events.CRASH, ({ payload }) => crash(payload, parts));
}

function join({ memberAssignment, memberId, isLeader }: ConsumerGroupJoinEvent['payload'], parts: GroupEventsParts) {
  const { assignment, membership, fetching, positions, handlers, topics, started, logs, stopped } = parts;
  const given = Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
  const { continuous, isCurrent } = membership.joined(memberId);
  const { lost, kept } = assignment.join(given, continuous, logs.gone());
  fetching.forget(lost);
  announceLost(lost, handlers);
  for (const partition of kept) {
    if (logs.gone().has(partition.topic)) positions.leave(partition);
    else fetching.seek(partition);
  }
  fetching.apply();
  const goesOn = () => isCurrent() && !stopped.aborted;
  void positions
    .settle(topics, isLeader, goesOn)
    .then(() => {
      if (goesOn()) started.resolve();
    })
    .catch((error: unknown) => handlers.failed(parts.explain(error)));
}

function crash({ error, restart }: ConsumerCrashEvent['payload'], parts: GroupEventsParts): void {
  const { assignment, membership, fetching, commitRequests, handlers, started, stopped } = parts;
  const explained = parts.explain(error);
  membership.left(explained.message);
  commitRequests.reset();
  fetching.forgetAll();
  announceLost(assignment.clear(), handlers);
  if (stopped.aborted) return;
  if (restart) parts.warn('KAFKA_DISCONNECTED', `${explained.message}; joining again`);
  else if (!started.reject(explained)) handlers.failed(explained);
}

/** The pipeline knows only of partitions that were handed to it. */
function announceLost(partitions: readonly OwnedPartition[], handlers: SourceHandlers): void {
  const known = partitions.filter(({ epoch }) => epoch !== undefined);
  if (known.length > 0) handlers.lost(known.map(({ topic, partition }) => ({ topic, partition })));
}
