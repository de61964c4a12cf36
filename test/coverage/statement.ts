/** What shows that a statement of another product holds here. */
export type Proof =
  /** Runs of `runs.ts`: an event, and what arrives at Meta of it. */
  | { readonly runs: readonly string[] }
  /** Scenes of `scenes/`: what happens over several requests, commands or files. */
  | { readonly scenes: readonly string[] }
  /** Why it can't be had here. */
  | { readonly not: string };

/** One statement of what users of another product know, in our words; how it is done here; and what shows it. */
export type Statement = readonly [statement: string, how: string, proof: Proof];

export interface Product {
  readonly product: string;
  readonly statements: readonly Statement[];
}

export const run = (...names: readonly string[]): Proof => ({ runs: names });
export const scene = (...names: readonly string[]): Proof => ({ scenes: names });
export const not = (reason: string): Proof => ({ not: reason });

/** How the tests call a statement: its product and its number there, `Segment 12`. */
export function titleOf({ product }: Product, index: number): string {
  return `${product.split(':', 1)[0]} ${index + 1}`;
}
