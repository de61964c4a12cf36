/** What shows that a statement of another product holds here. */
export type Proof =
  /** A run of `runs.ts`. */
  | { readonly run: string }
  /** A test that is elsewhere: its file, and a part of its title as it is written there. */
  | { readonly test: string; readonly title: string }
  /** What Meta answers: it blocks the lane, and the advice names what to do. */
  | { readonly code: number; readonly subcode?: number }
  /** Why it can't be had here. */
  | { readonly not: string };

/** One statement of what users of another product know, in our words; how it is done here; and what shows it. */
export type Statement = readonly [statement: string, how: string, proof: Proof];

export interface Product {
  readonly product: string;
  readonly statements: readonly Statement[];
}

export const run = (name: string): Proof => ({ run: name });
export const test = (file: string, title: string): Proof => ({ test: file, title });
export const not = (reason: string): Proof => ({ not: reason });
export const error = (code: number, subcode?: number): Proof => ({ code, ...(subcode !== undefined && { subcode }) });
