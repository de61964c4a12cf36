import type { Frame } from './values/compiled.ts';
import { generatedRead, type ReadBelow, type ReadMember } from './generated-read.ts';
import { member } from './values/member.ts';

/**
 * The paths that a mapping reads from one root, each with a place in the frame. All of them are read in one walk, which
 * costs less than finding each path from the top: an action's mapping reads a hundred paths in a dozen objects.
 */
export interface Reads {
  /** The place in the frame of the value at `path`. The empty path, the root itself, is at 0. */
  placeOf(path: readonly string[]): number;
  /** Reads all paths. To be made when the last of them is known. */
  reader(): (root: unknown) => Frame;
}

interface Branch {
  readonly byName: Map<string, Branch>;
  /** 0 when nobody asks for the value itself. */
  place: number;
}

export function createReads(): Reads {
  const trunk = createBranch();
  let places = 1;
  return {
    placeOf(path) {
      if (path.length === 0) return 0;
      const branch = path.reduce(branchOf, trunk);
      if (branch.place === 0) {
        branch.place = places;
        places += 1;
      }
      return branch.place;
    },
    reader() {
      if (places === 1) return (root) => [root];
      const blank = new Array<unknown>(places).fill(undefined);
      const read = readerBelow(trunk);
      return (root) => {
        const frame = blank.slice();
        frame[0] = root;
        read?.(ownMembers(root), frame);
        return frame;
      };
    },
  };
}

function createBranch(): Branch {
  return { byName: new Map(), place: 0 };
}

function branchOf(parent: Branch, name: string): Branch {
  const known = parent.byName.get(name);
  if (known !== undefined) return known;
  const branch = createBranch();
  parent.byName.set(name, branch);
  return branch;
}

/** An object that JSON did not make, without what it inherits. What JSON made holds only such. */
function ownMembers(root: unknown): unknown {
  if (typeof root !== 'object' || root === null) return root;
  const prototype = Object.getPrototypeOf(root);
  return prototype === Object.prototype || prototype === Array.prototype ? root : { ...root };
}

function readerBelow({ byName }: Branch): ReadBelow | undefined {
  if (byName.size === 0) return undefined;
  const members = [...byName].map(([name, next]): ReadMember => {
    return { name, place: next.place, below: readerBelow(next) };
  });
  const readMembers = generatedRead(members);
  return (value, frame) => {
    if (typeof value === 'object' && value !== null) {
      readMembers(value, frame);
      return;
    }
    for (const { name, place, below } of members) {
      const found = member(value, name);
      if (found === undefined) continue;
      if (place !== 0) frame[place] = found;
      below?.(found, frame);
    }
  };
}
