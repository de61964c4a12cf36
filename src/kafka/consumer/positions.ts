import type { Admin } from 'kafkajs';
import { messageOf } from '../../core/errors.ts';
import type { AssignedPartition, SourceHandlers } from '../../core/source.ts';
import { partitionKey, type TopicPartition } from '../../core/record.ts';
import type { Assignment, OwnedPartition } from './assignment.ts';
import type { Committer } from './committer.ts';
import type { KafkaSourceDependencies, SourceSettings } from './source-config.ts';
import {
  decideStart,
  firstPositionMetadata,
  firstPositions,
  type PartitionOffsets,
  topicOffsets,
} from './start-position.ts';

const POLL_MILLIS = 200;
const RECHECK_MILLIS = 1_000;

export interface PositionsParts {
  readonly settings: SourceSettings;
  readonly dependencies: KafkaSourceDependencies;
  readonly assignment: Assignment;
  readonly committer: Committer;
  readonly handlers: SourceHandlers;
  readonly admin: <T>(work: (admin: Admin) => Promise<T>) => Promise<T>;
  /** Makes kafkajs read from there next. */
  readonly seek: (partition: OwnedPartition) => void;
  /** A phase has changed: pause or resume accordingly. */
  readonly changed: () => void;
  readonly signal: AbortSignal;
  /** Topics that hold what is still to be delivered, whatever its age: they begin at their earliest. */
  readonly parking: ReadonlySet<string>;
}

export interface Positions {
  /**
   * Finds out where each partition that is `starting` begins, and hands them to the pipeline. Goes on until it is done
   * or `isCurrent` says that another join has come. The leader also fixes the first positions of new topics.
   */
  settle(topics: readonly string[], isLeader: boolean, isCurrent: () => boolean): Promise<void>;
  /** Takes a partition that is read from the pipeline; it is handed over again, from the commit, by `readmit`. */
  withhold(partition: TopicPartition): void;
  readmit(partition: TopicPartition): void;
  /** What was read isn't what had to come: looks up whether the position still exists, and goes on or holds. */
  recheck(partition: OwnedPartition): Promise<void>;
}

/** Every position that reading starts or goes on from. Reads nothing without knowing that it follows what was read. */
export function createPositions(parts: PositionsParts): Positions {
  const { settings, assignment, committer, handlers, admin, seek, changed, signal, parking } = parts;
  const { clock, warn } = parts.dependencies;
  let epochs = 0;

  async function settle(topics: readonly string[], isLeader: boolean, isCurrent: () => boolean): Promise<void> {
    for (let failures = 0; isCurrent(); ) {
      const starting = assignment.all().filter(({ phase }) => phase === 'starting');
      const wanted = isLeader ? topics : [...new Set(starting.map(({ topic }) => topic))];
      if (starting.length === 0 && !isLeader) return;
      let found: Found | undefined;
      try {
        found = await admin((client) => lookUp(client, wanted, isLeader));
        failures = 0;
      } catch (error) {
        if (failures++ === 0) warn('KAFKA_POSITIONS', `looking up the group's positions failed: ${messageOf(error)}`);
      }
      if (!isCurrent()) return;
      if (found !== undefined) begin(starting, found);
      if (found?.complete === true) return;
      await clock.sleep(POLL_MILLIS * Math.min(failures + 1, 20), signal);
    }
  }

  /**
   * A topic without any commit gets all its first positions from the group's leader in one request, partitions of
   * other members too, before anybody reads. Otherwise the second member to look would find the commits of the first
   * and take its own partitions for new ones in a topic that had been read before.
   */
  async function lookUp(client: Admin, topics: readonly string[], isLeader: boolean): Promise<Found> {
    const positions = new Map<string, PartitionOffsets>();
    let complete = true;
    for (const topic of topics) {
      const offsets = await topicOffsets(client, settings.groupId, topic);
      const fresh = offsets.every(({ committed }) => committed === undefined);
      if (!fresh) {
        for (const one of offsets) positions.set(partitionKey(one), one);
      } else if (isLeader) {
        const from = parking.has(topic) ? 'earliest' : settings.from;
        const first = await firstPositions(client, topic, from, offsets, clock);
        const result = await committer.commitAny(
          first.map(({ position, ...where }) => ({ ...where, offset: position, metadata: firstPositionMetadata })),
        );
        if (result !== 'committed') throw new Error(`the first positions of ${topic} could not be committed`);
        for (const one of offsets) {
          const position = first.find(({ partition }) => partition === one.partition)?.position;
          positions.set(partitionKey(one), { ...one, committed: position, metadata: firstPositionMetadata });
        }
      } else {
        complete = false;
      }
    }
    return { positions, complete };
  }

  function begin(starting: readonly OwnedPartition[], found: Found): void {
    const ready = starting.filter((partition) => {
      const offsets = found.positions.get(partitionKey(partition));
      return offsets !== undefined && place(partition, offsets);
    });
    if (ready.length > 0) hand(ready, found.positions);
    changed();
  }

  /** Sets where the partition begins; false when that must wait for a person. */
  function place(partition: OwnedPartition, offsets: PartitionOffsets): boolean {
    const decision = decideStart(offsets);
    partition.committed = offsets.committed;
    if (decision.kind === 'read') {
      partition.next = decision.position;
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
      seek(partition);
    }
    const assigned = partitions.map((partition) => {
      const found = offsets.get(partitionKey(partition));
      const { topic, partition: number, next } = partition;
      return {
        topic,
        partition: number,
        position: next,
        ...(found !== undefined && { end: found.latest }),
        ...(found !== undefined && historyOf(found)),
      };
    });
    handlers.assigned(assigned, epoch);
  }

  function hold(partition: OwnedPartition, { earliest, latest }: PartitionOffsets): void {
    partition.phase = 'held';
    warn(
      'KAFKA_OFFSET_OUT_OF_RANGE',
      `${describe(partition)} must go on at offset ${partition.next}, but the broker holds ${earliest} to ${latest}: nothing of it is read until you decide. Restart with KAFKA_OUT_OF_RANGE=earliest to go on from ${earliest}, or stop, move the group's offset, and start again`,
    );
  }

  function reset(partition: OwnedPartition, { earliest, latest }: PartitionOffsets): void {
    warn(
      'KAFKA_OFFSET_RESET',
      `${describe(partition)} must go on at offset ${partition.next}, but the broker holds ${earliest} to ${latest}: goes on from ${earliest}, as KAFKA_OUT_OF_RANGE says`,
    );
    partition.next = earliest;
  }

  async function recheck(partition: OwnedPartition): Promise<void> {
    if (partition.phase !== 'reading') return;
    partition.phase = 'checking';
    changed();
    while (assignment.get(partition) === partition && partition.phase === 'checking' && !signal.aborted) {
      try {
        const all = await admin((client) => topicOffsets(client, settings.groupId, partition.topic));
        if (assignment.get(partition) !== partition) return;
        const offsets = all.find((one) => one.partition === partition.partition);
        if (offsets !== undefined) await resolve(partition, offsets);
      } catch (error) {
        warn('KAFKA_POSITIONS', `looking up the range of ${describe(partition)} failed: ${messageOf(error)}`);
      }
      if (partition.phase === 'checking') await clock.sleep(RECHECK_MILLIS, signal);
    }
  }

  async function resolve(partition: OwnedPartition, offsets: PartitionOffsets): Promise<void> {
    const { next, committed } = partition;
    // Told of an offset out of range kafkajs commits "no position" in our name: put back what we had, or a restart
    // would jump.
    if (committed !== undefined) await committer.commitAny([{ ...where(partition), offset: committed }]);
    if (assignment.get(partition) !== partition) return;
    if (next >= offsets.earliest && next <= offsets.latest) return goOn(partition);
    if (settings.outOfRange === 'hold') return hold(partition, offsets);
    if (next < offsets.earliest) {
      // What is in flight stays valid: its offsets are below, and the pipeline takes the hole as it takes compaction.
      reset(partition, offsets);
      return goOn(partition);
    }
    // The log was cut or made anew: offsets begin again. That is another epoch, once nothing of this one is in flight.
    if (committed !== next) return;
    handlers.lost([where(partition)]);
    reset(partition, offsets);
    hand([partition], new Map());
    changed();
  }

  function goOn(partition: OwnedPartition): void {
    partition.phase = 'reading';
    seek(partition);
    changed();
  }

  function withhold(one: TopicPartition): void {
    const partition = assignment.get(one);
    if (partition?.phase !== 'reading') return;
    partition.phase = 'withheld';
    handlers.lost([where(partition)]);
    changed();
  }

  function readmit(one: TopicPartition): void {
    const partition = assignment.get(one);
    if (partition?.phase !== 'withheld') return;
    partition.next = partition.committed ?? partition.next;
    hand([partition], new Map());
    changed();
  }

  return { settle, recheck, withhold, readmit };
}

/** What is known of who read it before. */
function historyOf({ committed, metadata }: PartitionOffsets): Pick<AssignedPartition, 'metadata' | 'fresh'> {
  if (committed === undefined || metadata === firstPositionMetadata) return { fresh: true };
  return metadata === undefined ? {} : { metadata };
}

interface Found {
  readonly positions: ReadonlyMap<string, PartitionOffsets>;
  /** False: the leader has yet to fix some. */
  readonly complete: boolean;
}

function where({ topic, partition }: OwnedPartition): { topic: string; partition: number } {
  return { topic, partition };
}

function describe({ topic, partition }: OwnedPartition): string {
  return `partition ${partition} of ${topic}`;
}
