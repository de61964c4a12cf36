import type { AudienceOperation } from '../../core/audience.ts';
import { createHashIndex } from './hash-index.ts';

/**
 * Which identifiers the changes of a flush have, and whether somebody joins or leaves by them. An identifier is known by its
 * hash (`textHash`) alone: two that were taken for one would only have a change wait for the next flush.
 */
export interface IdentifierHolders {
  /** @param user A number of the user's, as below. */
  add(identifiers: readonly number[], user: number, operation: AudienceOperation): void;
  /** The change isn't sent any more. */
  remove(identifiers: readonly number[], user: number): void;
  /** Whether another user has one of the identifiers in an opposite change. */
  contradicts(identifiers: readonly number[], user: number, operation: AudienceOperation): boolean;
}

const operations: readonly AudienceOperation[] = ['add', 'remove', 'replace'];
const firstCapacity = 32;

export function createIdentifierHolders(): IdentifierHolders {
  const index = createHashIndex();
  /** By entry of the index: how many users hold it. All of them by the same operation, or there would be one more flush. */
  let counts = new Int32Array(firstCapacity);
  /** Numbers of the holders, exclusive-or: of a single one, its number. */
  let users = new Int32Array(firstCapacity);
  let operationOf = new Uint8Array(firstCapacity);

  function entryOf(identifier: number): number {
    const known = index.find(identifier, isAny);
    if (known >= 0) return known;
    const entry = index.add(identifier);
    if (entry === counts.length) grow();
    return entry;
  }

  function grow(): void {
    const [oldCounts, oldUsers, oldOperations] = [counts, users, operationOf];
    counts = new Int32Array(2 * oldCounts.length);
    users = new Int32Array(counts.length);
    operationOf = new Uint8Array(counts.length);
    counts.set(oldCounts);
    users.set(oldUsers);
    operationOf.set(oldOperations);
  }

  function hold(identifier: number, user: number, more: number): number {
    const entry = entryOf(identifier);
    counts[entry] = (counts[entry] ?? 0) + more;
    users[entry] = (users[entry] ?? 0) ^ user;
    return entry;
  }

  return {
    add(identifiers, user, operation) {
      const number = operations.indexOf(operation);
      for (const identifier of identifiers) operationOf[hold(identifier, user, 1)] = number;
    },
    remove(identifiers, user) {
      for (const identifier of identifiers) hold(identifier, user, -1);
    },
    contradicts(identifiers, user, operation) {
      const number = operations.indexOf(operation);
      for (const identifier of identifiers) {
        const entry = index.find(identifier, isAny);
        if (entry < 0) continue;
        const count = counts[entry] ?? 0;
        if (count === 0 || operationOf[entry] === number) continue;
        if (count > 1 || users[entry] !== user) return true;
      }
      return false;
    },
  };
}

const isAny = () => true;
