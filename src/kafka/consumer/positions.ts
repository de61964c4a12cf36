import type { Admin } from 'kafkajs';
import { messageOf } from '../../core/errors.ts';
import type { SourceHandlers } from '../../core/source.ts';
import { partitionKey, type TopicPartition } from '../../core/record.ts';
import type { Assignment, OwnedPartition } from './assignment.ts';
import type { Committer } from './committer.ts';
import { type FoundPositions, historyOf, lookUpPositions } from './position-lookup.ts';
import { createLogChange, startOf } from './log-change.ts';
import type { KafkaSourceDependencies, SourceSettings } from './source-config.ts';
import { decideStart, isAnotherLog, type PartitionOffsets, topicOffsets } from './start-position.ts';
import type { TopicLogs } from './topic-logs.ts';

const POLL_MILLIS = 200;
const RANGE_CHECK_MILLIS = 1_000;
/** How soon it is looked again for a topic that doesn't exist. */
const MISSING_MILLIS = 5_000;

export interface PositionsParts {
  readonly settings: SourceSettings;
  readonly dependencies: KafkaSourceDependencies;
  readonly assignment: Assignment;
  readonly committer: Committer;
  readonly handlers: SourceHandlers;
  readonly admin: <T>(work: (admin: Admin) => Promise<T>) => Promise<T>;
  /** Makes kafkajs read from there next. */
  readonly seek: (partition: OwnedPartition) => void;
  /** A phase has changed: pauses and resumes accordingly. */
  readonly changed: () => void;
  readonly signal: AbortSignal;
  /** Topics that hold what is still to be delivered, whatever its age: they begin at their earliest. */
  readonly parking: ReadonlySet<string>;
  readonly logs: TopicLogs;
}

export interface Positions {
  /**
   * Looks up where each partition that is `starting` begins, and hands them to the pipeline. Repeats that until all are
   * done, or until `isCurrent` says that another join has come. The leader also sets the first positions of new topics.
   */
  settle(topics: readonly string[], isLeader: boolean, isCurrent: () => boolean): Promise<void>;
  /** Takes a partition from the pipeline. `readmit` hands it over again, from its committed position. */
  withhold(partition: TopicPartition): void;
  readmit(partition: TopicPartition): void;
  /**
   * A batch wasn't what had to come, or the topic is another log: looks up whether the position still exists, and goes
   * on, holds the partition, or begins with the new log once all that was read of the old one is settled.
   */
  checkRange(partition: OwnedPartition): Promise<void>;
  /** The topic doesn't exist any more: takes the partition from the pipeline once all that was read of it is settled. */
  leave(partition: OwnedPartition): void;
}

/** Decides every position that reading starts or continues from, so that no record is skipped unnoticed. */
export function createPositions(parts: PositionsParts): Positions {
  const { settings, assignment, committer, handlers, admin, seek, changed, signal, parking, logs } = parts;
  const { clock, warn } = parts.dependencies;
  let epochs = 0;
  const logChange = createLogChange(committer, warn);

  async function settle(topics: readonly string[], isLeader: boolean, isCurrent: () => boolean): Promise<void> {
    for (let failures = 0; isCurrent(); ) {
      const starting = assignment.all().filter(({ phase }) => phase === 'starting');
      const wanted = isLeader ? topics : [...new Set(starting.map(({ topic }) => topic))];
      if (starting.length === 0 && !isLeader) return;
      let found: FoundPositions | undefined;
      try {
        found = await admin((client) =>
          lookUpPositions(client, wanted, isLeader, { settings, committer, clock, parking, logs, warn }),
        );
        failures = 0;
      } catch (error) {
        if (failures++ === 0) warn('KAFKA_POSITIONS', `looking up the group's positions failed: ${messageOf(error)}`);
      }
      if (!isCurrent()) return;
      if (found !== undefined) await begin(starting, found, isCurrent);
      if (found?.complete === true) return;
      const wait = found?.missing === true ? MISSING_MILLIS : POLL_MILLIS * Math.min(failures + 1, 20);
      await clock.sleep(wait, signal);
    }
  }

  async function begin(
    starting: readonly OwnedPartition[],
    { positions }: FoundPositions,
    isCurrent: () => boolean,
  ): Promise<void> {
    const ready = starting.filter((partition) => {
      const offsets = positions.get(partitionKey(partition));
      return offsets !== undefined && place(partition, offsets);
    });
    await logChange.commit(ready, positions);
    if (!isCurrent()) return;
    if (ready.length > 0) hand(ready, positions);
    changed();
  }

  /** Sets where the partition begins; false: a person must decide. */
  function place(partition: OwnedPartition, offsets: PartitionOffsets): boolean {
    const decision = decideStart(offsets);
    partition.committed = offsets.committed;
    partition.end = offsets.latest;
    partition.log = offsets.log;
    if (decision.kind === 'read') {
      partition.next = decision.position;
      return true;
    }
    if (decision.kind === 'another_log') {
      logChange.tell(partition, offsets);
      startOf(partition, offsets);
      return true;
    }
    partition.next = offsets.committed ?? 0;
    if (settings.outOfRange === 'hold') {
      hold(partition, offsets);
      return false;
    }
    reset(partition, offsets);
    return true;
  }

  function hand(partitions: readonly OwnedPartition[], offsets: ReadonlyMap<string, PartitionOffsets>): void {
    const epoch = ++epochs;
    for (const partition of partitions) {
      partition.phase = 'reading';
      partition.epoch = epoch;
      // The next time it is handed over it begins there, though nothing of it was committed by then.
      partition.committed ??= partition.next;
      // It may go on below where it was read to: what was fetched up there may still come.
      partition.emptySeen = false;
      logChange.isRead(partition.topic);
      seek(partition);
    }
    const assigned = partitions.map((partition) => {
      const found = offsets.get(partitionKey(partition));
      const { topic, partition: number, next, end } = partition;
      return {
        topic,
        partition: number,
        position: next,
        ...(end !== undefined && { end }),
        ...(found !== undefined && historyOf(found)),
      };
    });
    handlers.assigned(assigned, epoch);
  }

  function hold(partition: OwnedPartition, { earliest, latest }: PartitionOffsets): void {
    partition.phase = 'held';
    warn(
      'KAFKA_OFFSET_OUT_OF_RANGE',
      `${describe(partition)} must continue at offset ${partition.next}, but the broker holds ${earliest} to ${latest}: it is not read until you decide. Restart with KAFKA_OUT_OF_RANGE=earliest to continue from ${earliest}, or stop, move the group's offset, and start again`,
    );
  }

  function reset(partition: OwnedPartition, { earliest, latest }: PartitionOffsets): void {
    warn(
      'KAFKA_OFFSET_RESET',
      `${describe(partition)} must continue at offset ${partition.next}, but the broker holds ${earliest} to ${latest}: reading continues from ${earliest}, as KAFKA_OUT_OF_RANGE says`,
    );
    partition.next = earliest;
  }

  async function checkRange(partition: OwnedPartition): Promise<void> {
    if (!['reading', 'held', 'gone'].includes(partition.phase)) return;
    partition.phase = 'checking';
    changed();
    while (assignment.get(partition) === partition && partition.phase === 'checking' && !signal.aborted) {
      try {
        const { topic } = partition;
        const log = (await logs.lookUp([topic])).get(topic);
        const all = await admin((client) => topicOffsets(client, settings.groupId, topic, log));
        if (assignment.get(partition) !== partition) return;
        const offsets = all.find((found) => found.partition === partition.partition);
        if (offsets !== undefined) await resolve(partition, offsets);
      } catch (error) {
        if (logs.gone().has(partition.topic)) return leave(partition);
        warn('KAFKA_POSITIONS', `looking up the range of ${describe(partition)} failed: ${messageOf(error)}`);
      }
      if (partition.phase === 'checking') await clock.sleep(RANGE_CHECK_MILLIS, signal);
    }
  }

  async function resolve(partition: OwnedPartition, offsets: PartitionOffsets): Promise<void> {
    const { next, committed, epoch } = partition;
    partition.end = offsets.latest;
    if (isAnotherLog(partition.log, offsets.log)) {
      logChange.tell(partition, offsets);
      // Nobody can read again what is in flight of the old log.
      if (epoch === undefined || committed === next) await changeLog(partition, offsets);
      return;
    }
    if (next >= offsets.earliest && next <= offsets.latest) return goOn(partition);
    if (settings.outOfRange === 'hold') return hold(partition, offsets);
    if (next < offsets.earliest) {
      // Records in flight stay valid: their offsets are lower, and to the pipeline the hole looks like compaction.
      reset(partition, offsets);
      return goOn(partition);
    }
    // The log was cut or created anew, so offsets start again. That needs another epoch, once nothing of this one is in
    // flight.
    if (committed !== next) return;
    handlers.lost([where(partition)]);
    reset(partition, offsets);
    hand([partition], new Map());
    changed();
  }

  async function changeLog(partition: OwnedPartition, offsets: PartitionOffsets): Promise<void> {
    if (partition.epoch !== undefined) handlers.lost([where(partition)]);
    startOf(partition, offsets);
    partition.epoch = undefined;
    await logChange.commit([partition], new Map([[partitionKey(partition), offsets]]));
    if (assignment.get(partition) !== partition) return;
    hand([partition], new Map());
    changed();
  }

  function leave(partition: OwnedPartition): void {
    const { topic, phase, epoch, next, committed } = partition;
    if (phase === 'starting' || phase === 'withheld') return;
    partition.phase = 'gone';
    changed();
    logChange.tellGone(topic);
    if (epoch === undefined || committed !== next) return;
    partition.epoch = undefined;
    handlers.lost([where(partition)]);
  }

  function goOn(partition: OwnedPartition): void {
    if (partition.epoch === undefined) hand([partition], new Map());
    partition.phase = 'reading';
    seek(partition);
    changed();
  }

  function withhold(given: TopicPartition): void {
    const partition = assignment.get(given);
    if (partition?.phase !== 'reading') return;
    partition.phase = 'withheld';
    handlers.lost([where(partition)]);
    changed();
  }

  function readmit(given: TopicPartition): void {
    const partition = assignment.get(given);
    if (partition?.phase !== 'withheld') return;
    partition.next = partition.committed ?? partition.next;
    hand([partition], new Map());
    changed();
  }

  return { settle, checkRange, leave, withhold, readmit };
}

function where({ topic, partition }: OwnedPartition): { topic: string; partition: number } {
  return { topic, partition };
}

function describe({ topic, partition }: OwnedPartition): string {
  return `partition ${partition} of ${topic}`;
}
