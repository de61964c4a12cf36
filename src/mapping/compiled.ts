/** What one root (an event, or an item of an array) was read at: the root itself, then the value of each path. */
export type Frame = readonly unknown[];

/** Gives a value. Undefined: nothing. */
export type Resolver = (frame: Frame) => unknown;

/** A piece of a mapping after compilation. */
export interface Compiled {
  readonly resolve: Resolver;
  /** The value is the same for every root: `resolve` ignores its argument. */
  readonly constant: boolean;
}

/** A mapping that starts from a root of its own. */
export interface Program {
  run(root: unknown): unknown;
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

/** A piece that depends on nothing but `parts`: resolved once, now, when they are all constant. */
export function derived(parts: readonly Compiled[], resolve: Resolver): Compiled {
  return parts.every((part) => part.constant) ? constant(resolve([])) : { resolve, constant: false };
}
