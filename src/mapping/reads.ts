import { generatedRead, type Wanted } from './generated-read.ts';
import { type Choice, type Compiled, constantValue, type Frame, type Slot } from './values/compiled.ts';

/**
 * What a mapping reads of one root, each with a place in the frame: the values of paths, and of choices between paths.
 * All of it is read in one go, since the paths of an action's mapping, a hundred and more, lie in a dozen objects.
 */
export interface Reads {
  /** The piece that is the value at a path. */
  valueAt(path: readonly string[]): Compiled;
  /**
   * The piece that is a choice. One whose `otherwise` is a choice of the same kind becomes one with it: an action's own
   * mapping looks for a dozen fields in up to eighteen paths each. `instead`: these pieces are not used any more.
   */
  choose(choice: Choice, instead: readonly Compiled[]): Compiled;
  /** Reads all of it. To be made when the last is known. */
  reader(): (root: unknown) => Frame;
}

interface CountedSlot {
  place: number;
  /** Pieces that look at it. */
  pieces: number;
}

/** What is to be read into a slot. Not known to the slot, which its pieces keep. */
interface SlotRead {
  readonly slot: CountedSlot;
  readonly wanted: Omit<Wanted, 'place'>;
}

/** Of one choice; the rest of a longer one is a choice of its own. */
const mostPaths = 200;
/** Paths that one function reads: the engine doesn't optimize what is too long. */
const pathsOfPart = 400;

export function createReads(): Reads {
  const slots = new Map<string, SlotRead>();

  function slotOf(wanted: SlotRead['wanted']): CountedSlot {
    const key = JSON.stringify(wanted);
    const { slot } = slots.get(key) ?? { slot: { place: 0, pieces: 0 } };
    if (slot.pieces === 0) slots.set(key, { slot, wanted });
    slot.pieces += 1;
    return slot;
  }

  function leave(slot: Slot | undefined): void {
    if (slot !== undefined && slot !== rootSlot) (slot as CountedSlot).pieces -= 1;
  }

  /** With the paths of the choice that it ends in, which has no other user. */
  function joined({ paths, blank, otherwise }: Choice): Choice {
    const next = otherwise.choice;
    if (next === undefined || next.blank !== blank || paths.length + next.paths.length > mostPaths) {
      return { paths, blank, otherwise };
    }
    leave(next.slot);
    return { paths: [...paths, ...next.paths], blank, otherwise: next.otherwise };
  }

  return {
    valueAt(path) {
      const slot = path.length === 0 ? rootSlot : slotOf({ paths: [path], takes: 'anything' });
      return { resolve: (frame) => frame[slot.place], constant: false, slot, path };
    },
    choose(choice, instead) {
      for (const { slot } of instead) leave(slot);
      const whole = joined(choice);
      const { paths, blank, otherwise } = whole;
      const slot = slotOf({ paths, takes: blank ? 'filled' : 'present' });
      const piece = { constant: false, choice: { ...whole, slot } };
      if (isNothing(otherwise)) return { ...piece, resolve: (frame) => frame[slot.place], slot };
      const { resolve } = otherwise;
      return { ...piece, resolve: (frame) => frame[slot.place] ?? resolve(frame) };
    },
    reader() {
      const used = [...slots.values()].filter(({ slot }) => slot.pieces > 0);
      // A thousand paths, most of which were joined to longer choices: hundreds of subscriptions would keep theirs.
      slots.clear();
      for (const [index, { slot }] of used.entries()) slot.place = index + 1;
      if (used.length === 0) return (root) => [root];
      const blank = new Array<unknown>(used.length + 1).fill(undefined);
      let parts: readonly ReturnType<typeof generatedRead>[] | undefined;
      return (root) => {
        if (parts === undefined) {
          // Written out for the first root, since many a subscription gets no event, and known from then on only as code.
          parts = partsOf(used).map(generatedRead);
          used.length = 0;
        }
        const frame = blank.slice();
        frame[0] = root;
        const members = ownMembers(root);
        for (const read of parts) read(members, frame);
        return frame;
      };
    },
  };
}

/** The root itself, which is always in the frame. */
const rootSlot: Slot = { place: 0 };

function isNothing(piece: Compiled): boolean {
  return piece.constant && constantValue(piece) === undefined;
}

function partsOf(reads: readonly SlotRead[]): Wanted[][] {
  const parts: Wanted[][] = [];
  let room = 0;
  for (const { slot, wanted } of reads) {
    const { length } = wanted.paths;
    if (length > room) {
      parts.push([]);
      room = pathsOfPart;
    }
    parts.at(-1)?.push({ ...wanted, place: slot.place });
    room -= length;
  }
  return parts;
}

/** An object that JSON did not make, without what it inherits. What JSON made holds only such. */
function ownMembers(root: unknown): unknown {
  if (typeof root !== 'object' || root === null) return root;
  const prototype = Object.getPrototypeOf(root);
  return prototype === Object.prototype || prototype === Array.prototype ? root : { ...root };
}
