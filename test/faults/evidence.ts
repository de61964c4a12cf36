/** What a run left behind, as the broker and Meta saw it. Times are Unix milliseconds of this machine. */
export interface Evidence {
  readonly records: readonly SourceFact[];
  /** Every event that Meta accepted, in the order of acceptance. */
  readonly arrivals: readonly Arrival[];
  readonly letters: readonly LetterFact[];
  /** Commits that the broker took, in order. */
  readonly commits: readonly CommitFact[];
  /** Who had which partition. Empty where the broker doesn't tell. */
  readonly generations: readonly GenerationFact[];
  /** When answers or commits may have been lost with a process or a connection. */
  readonly interruptions: readonly Interruption[];
  /** Where each partition ends. */
  readonly ends: ReadonlyMap<number, number>;
  readonly memberships?: readonly Membership[];
}

export interface Interruption {
  readonly from: number;
  readonly to: number;
}

/** A record of the source topic and what must become of it. */
export interface SourceFact {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** It must arrive as this event. */
  readonly eventId?: string;
  /** It must become a dead letter for this reason. */
  readonly code?: string;
}

export interface Arrival {
  readonly eventId: string;
  /** When its request began. */
  readonly startedAt: number;
  readonly at: number;
  /** The request took effect, but the connector can't have seen that. */
  readonly unanswered: boolean;
  /** The connector that sent it, as the members of the group are called; undefined where it isn't known. */
  readonly sender?: string;
}

export interface LetterFact {
  /** Position of the record. */
  readonly partition: number;
  readonly offset: number;
  readonly code: string;
  readonly at: number;
}

export interface CommitFact {
  readonly partition: number;
  readonly offset: number;
  /** Not later than when the broker took it. */
  readonly at: number;
  readonly member?: string;
  readonly generation?: number;
  /** What it said beside the offset. */
  readonly metadata?: string;
}

export interface GenerationFact {
  readonly generation: number;
  readonly at: number;
  readonly owners: ReadonlyMap<number, string>;
}

/** Who is in an audience in the end, and who must be. */
export interface Membership {
  readonly audience: string;
  readonly expected: ReadonlySet<string>;
  readonly found: ReadonlySet<string>;
}
