/** Counts of one side of a comparison, by something. */
export type Counts = Map<string, number>;

/** What a side sends of a subscription on one day in one currency. */
export interface DaySum {
  events: number;
  value: number;
}

/** A field of what is sent that both sides send and that isn't the same. */
export interface FieldChange {
  count: number;
  /** At most three, each before and after; what could identify a person as a fingerprint. */
  readonly examples: { readonly event: string; readonly before: string; readonly after: string }[];
}

/** One side of a comparison. */
export interface SideCounts {
  /** Events of which the subscription sends something. */
  sent: number;
  /** By code. */
  readonly rejected: Counts;
  /** By reason; a trigger that isn't met has none. */
  readonly skipped: Counts;
  /** By `2026-11-01 EUR`. */
  readonly sums: Map<string, DaySum>;
  /** Changes of audiences by `add` and `remove`. */
  readonly audience: Counts;
  /** Events with the name and id of one that was sent before. */
  duplicates: number;
}

/** What is told of a subscription. */
export interface SubscriptionDiff {
  readonly destination: string;
  readonly subscription: string;
  readonly old: SideCounts;
  readonly new: SideCounts;
  /** Sent by the new side alone, and by the old one alone. */
  gained: number;
  lost: number;
  /** Dead letters that only the new side makes, and only the old one, by code. */
  readonly deadLettersAppear: Counts;
  readonly deadLettersGo: Counts;
  /** Events that both send, and only one side with the identifier (`em`; of audiences the column). */
  readonly keysGained: Counts;
  readonly keysLost: Counts;
  /** Sent by both, and not the same. */
  changed: number;
  readonly fields: Map<string, FieldChange>;
}

function emptySide(): SideCounts {
  return {
    sent: 0,
    rejected: new Map(),
    skipped: new Map(),
    sums: new Map(),
    audience: new Map(),
    duplicates: 0,
  };
}

export function emptyDiff(destination: string, subscription: string): SubscriptionDiff {
  return {
    destination,
    subscription,
    old: emptySide(),
    new: emptySide(),
    gained: 0,
    lost: 0,
    deadLettersAppear: new Map(),
    deadLettersGo: new Map(),
    keysGained: new Map(),
    keysLost: new Map(),
    changed: 0,
    fields: new Map(),
  };
}

export function count(counts: Counts, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
