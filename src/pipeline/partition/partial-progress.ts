import { type DoneMap, type DonePart, fingerprintOf } from './commit-metadata.ts';

/**
 * Which parts of a partition's records are still on their way, so that a restart doesn't send again to the healthy
 * lanes what only a blocked one holds back. Records are begun in the order of their offsets.
 */
export interface Progress {
  begin(part: string, offset: number): void;
  end(part: string, offset: number): void;
  /** An earlier process has brought this part of the record to its end. */
  isDone(part: string, offset: number): boolean;
  /** Something that an earlier process had done lies at or above the position. */
  inherits(position: number): boolean;
  /**
   * What is done above `position`, less of it where `fits` says that it is too much; empty when there is nothing to
   * tell.
   *
   * @param readTo Everything below was read.
   */
  done(position: number, readTo: number, fits: (map: DoneMap) => boolean): DoneMap;
}

interface Part {
  readonly name: string;
  /** Deliveries on their way, by the offset of their record; ascending, because they were begun so. */
  readonly open: Map<number, number>;
  /** What an earlier process had done. */
  readonly inherited: DonePart | undefined;
  readonly inheritedHoles: ReadonlySet<number>;
  /** Holes that were inherited and not read again yet. */
  readonly unread: Set<number>;
  /** The highest offset of a record whose delivery ended; -1: none. */
  doneHigh: number;
}

/** As many holes as are listed for a part, at first; fewer when the text becomes too long. */
const holeLimits = [256, 64, 16, 4, 0];

export function progress(inherited: DoneMap): Progress {
  const parts = new Map<string, Part>();
  const names = new Map<string, string>();
  /** Inherited of subscriptions that no record was tested against so far. */
  const unclaimed = new Map(inherited);

  function nameOf(part: string): string {
    const name = names.get(part) ?? fingerprintOf(part);
    names.set(part, name);
    return name;
  }

  function found(part: string): Part {
    const known = parts.get(part);
    if (known !== undefined) return known;
    const name = nameOf(part);
    const done = inherited.get(name);
    unclaimed.delete(name);
    const holes = done?.holes ?? [];
    const made: Part = {
      name,
      open: new Map(holes.map((offset) => [offset, 1])),
      inherited: done,
      inheritedHoles: new Set(holes),
      unread: new Set(holes),
      doneHigh: done === undefined ? -1 : done.to - 1,
    };
    parts.set(part, made);
    return made;
  }

  /** Holes that were read again and are nobody's any more, because the configuration has changed. */
  function forget(part: Part, readTo: number): void {
    for (const offset of part.unread) {
      if (offset >= readTo) break;
      part.unread.delete(offset);
      part.open.delete(offset);
    }
  }

  function doneOf(part: Part, position: number, readTo: number, maxHoles: number): DonePart | undefined {
    if (part.doneHigh < position) return undefined;
    const open: number[] = [];
    for (const offset of part.open.keys()) {
      open.push(offset);
      if (open.length > maxHoles) break;
    }
    const [first] = open;
    const end = Math.max(readTo, part.inherited?.to ?? 0);
    const listed = open.length > maxHoles ? (open.at(-1) ?? end) : end;
    const to = first === undefined ? end : Math.min(listed, Math.max(first, part.doneHigh + 1));
    return to > position ? { to, holes: open.filter((offset) => offset < to) } : undefined;
  }

  function mapOf(position: number, readTo: number, maxHoles: number): DoneMap {
    const map = new Map([...unclaimed].filter(([, { to }]) => to > position));
    for (const part of parts.values()) {
      const done = doneOf(part, position, readTo, maxHoles);
      if (done !== undefined) map.set(part.name, done);
    }
    return map;
  }

  return {
    begin(part, offset) {
      const { open, unread } = found(part);
      if (unread.size === 0 || !unread.delete(offset)) open.set(offset, (open.get(offset) ?? 0) + 1);
    },
    end(part, offset) {
      const one = found(part);
      const left = (one.open.get(offset) ?? 0) - 1;
      if (left > 0) one.open.set(offset, left);
      else {
        one.open.delete(offset);
        one.doneHigh = Math.max(one.doneHigh, offset);
      }
    },
    isDone(part, offset) {
      if (inherited.size === 0) return false;
      const { inherited: done, inheritedHoles } = found(part);
      return done !== undefined && offset < done.to && !inheritedHoles.has(offset);
    },
    inherits(position) {
      for (const { to } of inherited.values()) if (to > position) return true;
      return false;
    },
    done(position, readTo, fits) {
      for (const part of parts.values()) forget(part, readTo);
      for (const maxHoles of holeLimits) {
        const map = mapOf(position, readTo, maxHoles);
        if (map.size === 0 || fits(map)) return map;
      }
      return new Map();
    },
  };
}
