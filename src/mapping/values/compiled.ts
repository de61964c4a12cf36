/** What one root (an event, or an item of an array) was read at: the root itself, then the value of each path. */
export type Frame = readonly unknown[];

/** Gives a value. Undefined: nothing. */
export type Resolver = (frame: Frame) => unknown;

/** A piece of a mapping after compilation. */
export interface Compiled {
  readonly resolve: Resolver;
  /** The value is the same for every root: `resolve` ignores its argument. */
  readonly constant: boolean;
  /** The piece is one place of the frame and nothing else. */
  readonly place?: number;
  /** The piece is the first of several places that holds something. */
  readonly choice?: Choice;
  /** The piece is an object of these members. */
  readonly members?: readonly CompiledMember[];
}

export type CompiledMember = readonly [key: string, value: Compiled];

/** The first of some places of the frame that isn't missing or null, nor, if `blank` counts, an empty text. */
export interface Choice {
  readonly places: readonly number[];
  readonly blank: boolean;
  /** What is taken when none does. */
  readonly otherwise: Compiled;
}

/** A mapping that starts from a root of its own. */
export interface Program {
  run(root: unknown): unknown;
  /** Absent: what it gives is no object, or depends on more than its members. */
  readonly members?: ProgramMembers;
}

/** The members of the object that a program gives, one by one. */
export interface ProgramMembers {
  readonly names: readonly string[];
  /** Their values, in the order of `names`; undefined: nothing. */
  run(root: unknown): readonly unknown[];
}

/** A piece that is the same for every root, which therefore nobody may change. */
export function constant(value: unknown): Compiled {
  Object.freeze(value);
  return { resolve: () => value, constant: true };
}

/** Stands for a piece that could not be compiled; its problem has been reported. */
export const nothing: Compiled = constant(undefined);

/** The value of a piece that is constant. */
export function constantValue(piece: Compiled): unknown {
  return piece.resolve([]);
}

/**
 * A choice as a piece. One whose `otherwise` is a choice of the same kind becomes one loop with it: an action's own
 * mapping looks for a dozen fields in up to eighteen places each, and a call per place would be most of its cost.
 */
export function chosen({ places, blank, otherwise }: Choice): Compiled {
  const next = otherwise.choice;
  if (next !== undefined && next.blank === blank) {
    return chosen({ places: [...places, ...next.places], blank, otherwise: next.otherwise });
  }
  const resolve: Resolver = (frame) => {
    for (let index = 0; index < places.length; index += 1) {
      const value = frame[places[index] ?? 0];
      if (value !== undefined && value !== null && (value !== '' || !blank)) return value;
    }
    return otherwise.resolve(frame);
  };
  return { resolve, constant: false, choice: { places, blank, otherwise } };
}

/** A piece that depends on nothing but `parts`: resolved once, now, when they are all constant. */
export function derived(parts: readonly Compiled[], resolve: Resolver): Compiled {
  return parts.every((part) => part.constant) ? constant(resolve([])) : { resolve, constant: false };
}
