import { type AudienceChange, type AudienceTarget, targetKey } from '../core/audience.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import type { HistoryObstacle, SourceHistory } from '../core/ports.ts';
import { partitionKey, type Position } from '../core/record.ts';
import type { RequestedChanges } from './requested-changes.ts';

export interface NewerChangesOptions {
  readonly requested: RequestedChanges;
  readonly history: SourceHistory;
  /** Goes on where nobody can tell what came later. */
  readonly force: boolean;
}

/**
 * Whether the changes that dead letters ask for are still wanted, or a later record of their partition has said
 * otherwise: of the same user whatever it says, of somebody who shares an identifier the opposite, of the audience that it
 * is replaced. A later record counts also if it failed itself: its own letter is the newer wish.
 */
export interface NewerChanges {
  /** Why that can't be told; undefined also for a letter that changes no audience, or if it is sent all the same. */
  obstacle(deadLetter: DeadLetter): Promise<HistoryObstacle | undefined>;
  /** Asks for what came after the letter. What is kept of it: its users and identifiers. */
  watch(deadLetter: DeadLetter): void;
  /** Reads each partition that was asked for, from its first letter to its end, once. Incomplete when it was aborted. */
  read(signal: AbortSignal): Promise<void>;
  isCovered(at: Position, target: AudienceTarget, change: AudienceChange): boolean;
  /** Nothing of the letter is wanted any more. */
  isSuperseded(deadLetter: DeadLetter): boolean;
}

interface Watch {
  readonly topic: string;
  readonly partition: number;
  from: number;
  /** By user, and by identifier and operation: where it was last seen, or `nowhere`. */
  readonly last: Map<string, number>;
}

const nowhere = -1;

export function createNewerChanges({ requested, history, force }: NewerChangesOptions): NewerChanges {
  const watches = new Map<string, Watch>();

  function watchOf({ topic, partition, offset }: Position): Watch {
    const key = partitionKey({ topic, partition });
    const watch = watches.get(key) ?? { topic, partition, from: offset, last: new Map() };
    watches.set(key, watch);
    watch.from = Math.min(watch.from, offset);
    return watch;
  }

  function isCovered(at: Position, target: AudienceTarget, change: AudienceChange): boolean {
    const watch = watches.get(partitionKey(at));
    return (
      watch !== undefined && coveringKeys(target, change).some((key) => (watch.last.get(key) ?? nowhere) > at.offset)
    );
  }

  return {
    async obstacle(deadLetter) {
      if (force || requested.ofDeadLetter(deadLetter).changes.length === 0) return undefined;
      return history.obstacle(deadLetter.record);
    },
    watch(deadLetter) {
      const { changes } = requested.ofDeadLetter(deadLetter);
      if (changes.length === 0) return;
      const { last } = watchOf(deadLetter.record);
      for (const { target, change } of changes) {
        for (const key of coveringKeys(target, change)) last.set(key, last.get(key) ?? nowhere);
        // Letters tell of each other, also where the source has forgotten them.
        for (const key of ownKeys(target, change)) {
          last.set(key, Math.max(last.get(key) ?? nowhere, deadLetter.record.offset));
        }
      }
    },
    async read(signal) {
      for (const topic of new Set([...watches.values()].map((watch) => watch.topic))) {
        const ofTopic = new Map(
          [...watches.values()].flatMap((watch) => (watch.topic === topic ? [[watch.partition, watch]] : [])),
        );
        const from = new Map([...ofTopic.values()].map((watch) => [watch.partition, watch.from]));
        for await (const record of history.read(topic, from)) {
          if (signal.aborted) return;
          const last = ofTopic.get(record.partition)?.last;
          if (last === undefined) continue;
          for (const { target, change } of requested.ofRecord(record)) {
            for (const key of ownKeys(target, change)) {
              const before = last.get(key);
              if (before !== undefined) last.set(key, Math.max(before, record.offset));
            }
          }
        }
      }
    },
    isCovered,
    isSuperseded(deadLetter) {
      if (deadLetter.subscription === undefined) return false;
      const { changes, complete } = requested.ofDeadLetter(deadLetter);
      const covered = changes.every(({ target, change }) => isCovered(deadLetter.record, target, change));
      return complete && changes.length > 0 && covered;
    },
  };
}

/** What a change is seen by. */
function ownKeys(target: AudienceTarget, { user, operation, identifiers }: AudienceChange): readonly string[] {
  const audience = targetKey(target);
  if (operation === 'replace') return [`${audience}\nany`, `${audience}\nreplace`];
  return [
    `${audience}\nany`,
    `${audience}\nuser ${user}`,
    ...identifiers.map((value) => `${audience}\n${operation} ${value}`),
  ];
}

/** Where a change is looked for that covers this one. A replacement would undo whatever came after it. */
function coveringKeys(target: AudienceTarget, { user, operation, identifiers }: AudienceChange): readonly string[] {
  const audience = targetKey(target);
  if (operation === 'replace') return [`${audience}\nany`];
  const opposite = operation === 'add' ? 'remove' : 'add';
  return [
    `${audience}\nreplace`,
    `${audience}\nuser ${user}`,
    ...identifiers.map((value) => `${audience}\n${opposite} ${value}`),
  ];
}
