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
  /** Reads them again and activates them; if any is wrong, nothing changes. */
  reload(): Promise<Reloaded>;
}
