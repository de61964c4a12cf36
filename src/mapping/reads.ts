import type { Frame } from './compiled.ts';
import { member } from './member.ts';

/**
 * The paths that a mapping reads from one root, each with a place in the frame. All of them are read in one walk over
 * the root's members, which costs less than finding each path from the top: an action's mapping reads a hundred paths
 * in objects of ten members.
 */
export interface Reads {
  /** The place in the frame of the value at `path`. The empty path, the root itself, is at 0. */
  placeOf(path: readonly string[]): number;
  /** Reads all paths. To be made when the last of them is known. */
  reader(): (root: unknown) => Frame;
}

interface Branch {
  readonly byName: Map<string, Branch>;
  /** The members again, for walking through them. */
  readonly members: { readonly name: string; readonly branch: Branch }[];
  /** 0 when nobody asks for the value itself. */
  place: number;
}

/** With so few members it is cheaper to ask for each than to look at all that the object has. */
const few = 6;

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
      return (root) => {
        const frame = blank.slice();
        frame[0] = root;
        readBelow(root, trunk, frame);
        return frame;
      };
    },
  };
}

function createBranch(): Branch {
  return { byName: new Map(), members: [], place: 0 };
}

function branchOf(parent: Branch, name: string): Branch {
  const known = parent.byName.get(name);
  if (known !== undefined) return known;
  const branch = createBranch();
  parent.byName.set(name, branch);
  parent.members.push({ name, branch });
  return branch;
}

function readBelow(value: unknown, branch: Branch, frame: unknown[]): void {
  if (branch.members.length > few && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    readObject(value as Record<string, unknown>, branch, frame);
    return;
  }
  for (const next of branch.members) keep(member(value, next.name), next.branch, frame);
}

function readObject(object: Record<string, unknown>, branch: Branch, frame: unknown[]): void {
  for (const name of Object.keys(object)) {
    const next = branch.byName.get(name);
    if (next !== undefined) keep(object[name], next, frame);
  }
}

function keep(value: unknown, branch: Branch, frame: unknown[]): void {
  if (value === undefined) return;
  if (branch.place !== 0) frame[branch.place] = value;
  if (branch.members.length > 0) readBelow(value, branch, frame);
}
