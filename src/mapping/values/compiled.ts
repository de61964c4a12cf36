import type { MappedMember } from '../../core/action.ts';

/** What was read of one root (an event, or an item of an array): the root itself, then what its mapping asks for. */
export type Frame = readonly unknown[];

/** A place of the frame. Its number is known when all that the mapping reads is. */
export interface Slot {
  readonly place: number;
}

/** Gives a value. Undefined: nothing. */
export type Resolver = (frame: Frame) => unknown;

/** A piece of a mapping after compilation. */
export interface Compiled {
  readonly resolve: Resolver;
  /** The value is the same for every root: `resolve` ignores its argument. */
  readonly constant: boolean;
  /** The piece is what is in this place of the frame, and nothing else. */
  readonly slot?: Slot;
  /** The piece is the value at a path of the root. */
  readonly path?: readonly string[];
  /** The piece is a choice, whose place this is. */
  readonly choice?: Choice & { readonly slot: Slot };
  /** The piece is an object of these members. */
  readonly members?: readonly CompiledMember[];
}

export type CompiledMember = readonly [key: string, value: Compiled];

/** The first of some paths at which is something: not missing or null, nor, if `blank` counts, an empty text. */
export interface Choice {
  readonly paths: readonly (readonly string[])[];
  readonly blank: boolean;
  /** What is taken when none has. */
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
  readonly members: readonly MappedMember[];
  /** What their values are made of. */
  read(root: unknown): Frame;
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
