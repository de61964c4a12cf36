import { partitionKey, type TopicPartition } from '../../core/record.ts';

/**
 * A partition that the group gave us.
 *
 * `starting` (its position is being looked up) → `reading` ⇄ `checking` (a batch isn't what we expected: the range is
 * being looked up) → `held` (out of range, a person must decide). `reading` ⇄ `withheld`: the pipeline doesn't want it
 * for now, and treats it as lost. `reading` → `gone`: its topic was deleted; what was read of it is finished.
 */
export interface OwnedPartition extends TopicPartition {
  phase: 'starting' | 'reading' | 'checking' | 'held' | 'withheld' | 'gone';
  /** The epoch under which it was handed to the pipeline; undefined: it hasn't been yet. */
  epoch: number | undefined;
  /** The offset that must come next. */
  next: number;
  /**
   * The last position that the group is known to have; where reading began, while it has none. Undefined before the
   * partition was first handed to the pipeline.
   */
  committed: number | undefined;
  /** Where the partition ended when that was last heard of. */
  end: number | undefined;
  /** The log that the positions are of; undefined: the brokers don't tell. */
  log: string | undefined;
  /** Whether a batch without records has been seen since it was handed to the pipeline: see `Reader.empty`. */
  emptySeen: boolean;
}

export interface AssignmentChange {
  readonly lost: readonly OwnedPartition[];
  readonly kept: readonly OwnedPartition[];
  readonly gained: readonly OwnedPartition[];
}

/** The partitions that are ours at the moment. */
export interface Assignment {
  get(partition: TopicPartition): OwnedPartition | undefined;
  all(): readonly OwnedPartition[];
  /**
   * Takes what a join gave us. Unless the membership was `continuous`, nothing is kept: somebody else may have read and
   * committed a partition in between, so everything that we had is lost and starts anew. Partitions of topics that are
   * `gone` are given to nobody: those that we had stay ours.
   */
  join(given: readonly TopicPartition[], continuous: boolean, gone?: ReadonlySet<string>): AssignmentChange;
  /** Everything is lost. */
  clear(): readonly OwnedPartition[];
}

export function createAssignment(): Assignment {
  let owned = new Map<string, OwnedPartition>();
  return {
    get: (partition) => owned.get(partitionKey(partition)),
    all: () => [...owned.values()],
    join: (assigned, continuous, gone = new Set()) => {
      const before = owned;
      const named = new Set(assigned.map(partitionKey));
      const nobodys = [...before.values()].filter(
        (had) => gone.has(had.topic) && had.epoch !== undefined && !named.has(partitionKey(had)),
      );
      const keeps = (partition: TopicPartition): OwnedPartition | undefined => {
        const had = before.get(partitionKey(partition));
        return continuous && had !== undefined && had.epoch !== undefined ? had : undefined;
      };
      const kept = [...assigned.flatMap((partition) => keeps(partition) ?? []), ...nobodys];
      const gained = assigned.filter((partition) => keeps(partition) === undefined).map(newlyOwned);
      owned = new Map([...kept, ...gained].map((partition) => [partitionKey(partition), partition]));
      const lost = [...before.values()].filter((had) => owned.get(partitionKey(had)) !== had);
      return { kept, gained, lost };
    },
    clear: () => {
      const lost = [...owned.values()];
      owned = new Map();
      return lost;
    },
  };
}

function newlyOwned({ topic, partition }: TopicPartition): OwnedPartition {
  return {
    topic,
    partition,
    phase: 'starting',
    epoch: undefined,
    next: 0,
    committed: undefined,
    end: undefined,
    log: undefined,
    emptySeen: false,
  };
}
