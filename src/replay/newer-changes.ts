import type { AudienceChange, AudienceTarget } from '../core/audience.ts';
import { coveringKeys, ownKeys } from '../core/covering-keys.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import type { HistoryObstacle, SourceHistory } from '../core/ports.ts';
import { partitionKey, type Position, type SourceRecord } from '../core/record.ts';
import type { RequestedChanges } from './requested-changes.ts';

export interface NewerChangesOptions {
  readonly requested: RequestedChanges;
  readonly history: SourceHistory;
  /** Goes on where it can't be found out what came later. */
  readonly force: boolean;
}

/**
 * Whether the changes of dead letters are still wanted, or newer records of their partition cover them: an opposite change
 * of a user with a common identifier, a replacement of the audience, or the same again. Somebody joins again by whichever
 * identifier, but leaves again only by all of them. A newer record counts even if it failed: then its own dead letter has
 * the newer change.
 */
export interface NewerChanges {
  /** Why that can't be found out. Undefined also for a dead letter that changes no audience, and where it is forced. */
  obstacle(deadLetter: DeadLetter): Promise<HistoryObstacle | undefined>;
  /** Watches for what came after the dead letter. Keeps only its users and identifiers. */
  watch(deadLetter: DeadLetter): void;
  /** Reads each partition of a watched dead letter once, from the first of them to its end. Incomplete when aborted. */
  read(signal: AbortSignal): Promise<void>;
  isCovered(at: SourceRecord, target: AudienceTarget, change: AudienceChange): boolean;
  /** Nothing of the dead letter is wanted any more. */
  isSuperseded(deadLetter: DeadLetter): boolean;
}

interface Watch {
  readonly topic: string;
  readonly partition: number;
  from: number;
  /** By user, and by identifier and operation: where it was last seen, or `nowhere`. */
  readonly last: Map<string, Place>;
}

/** Of an event: its record's offset, and which of the record's events it is. */
type Place = readonly [offset: number, event: number];

const nowhere: Place = [-1, 0];

function placeOf({ offset, event }: Pick<SourceRecord, 'offset' | 'event'>): Place {
  return [offset, event?.index ?? 0];
}

function isBehind(place: Place, other: Place): boolean {
  return place[0] > other[0] || (place[0] === other[0] && place[1] > other[1]);
}

function later(place: Place, other: Place): Place {
  return isBehind(other, place) ? other : place;
}

export function createNewerChanges({ requested, history, force }: NewerChangesOptions): NewerChanges {
  const watches = new Map<string, Watch>();

  function watchOf({ topic, partition, offset }: Position): Watch {
    const key = partitionKey({ topic, partition });
    const watch = watches.get(key) ?? { topic, partition, from: offset, last: new Map() };
    watches.set(key, watch);
    watch.from = Math.min(watch.from, offset);
    return watch;
  }

  function isCovered(at: SourceRecord, target: AudienceTarget, change: AudienceChange): boolean {
    const last = watches.get(partitionKey(at))?.last;
    const place = placeOf(at);
    if (last === undefined) return false;
    return coveringKeys(target, change).some((keys) => keys.every((key) => isBehind(last.get(key) ?? nowhere, place)));
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
        for (const key of coveringKeys(target, change).flat()) last.set(key, last.get(key) ?? nowhere);
        // Dead letters cover each other, also where the source has deleted their records.
        for (const key of ownKeys(target, change)) {
          last.set(key, later(last.get(key) ?? nowhere, placeOf(deadLetter.record)));
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
          for (const { target, change, eventIndex } of requested.ofRecord(record)) {
            for (const key of ownKeys(target, change)) {
              const before = last.get(key);
              if (before !== undefined) last.set(key, later(before, [record.offset, eventIndex]));
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
