import type { ConfiguredDestination } from '../config/destination.ts';
import type { Problem } from '../config/document.ts';

/** What came of reading the mappings again. */
export interface Reloaded {
  readonly applied: boolean;
  readonly problems: readonly Problem[];
  /** The outcome in words. */
  readonly message: string;
}

/** The destination files that the connector runs by. */
export interface Mappings {
  active(): readonly ConfiguredDestination[];
  /** What their files said when they were read. */
  files(): readonly { readonly path: string; readonly text: string }[];
  /** A folder of actions beside those of the product. */
  readonly actions?: string;
  /** Reads them again and activates them; if any is wrong, nothing changes. */
  reload(): Promise<Reloaded>;
}
