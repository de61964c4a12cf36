import type { LetGo, PendingRecord } from '../../core/delivery.ts';
import type { Failure } from '../../core/outcome.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { Blockage } from '../lane/lane.ts';
import type { Resumed } from '../lane/resumed.ts';

/** Something of a subscription that waits: a delivery that isn't sent, or a dead letter that isn't written. */
export interface HeldItem {
  readonly pending: PendingRecord;
  /** What counts when it goes; of a dead letter: what was let go and refused. Absent: nothing was. */
  readonly letGo?: LetGo;
  /** Rejected already. Otherwise its outcome will be reported. */
  readonly isDeadLetter: boolean;
  /** Its way is free. */
  go(): void;
  /** Its partition went to another process. */
  drop(): void;
  /** Writes a dead letter instead of going, for this reason. Absent where it is one. */
  reject?(failure: Failure): void;
}

/** Keeps work until a person has looked at why so much is rejected. */
export interface HeldWork {
  /** Lets everything go, or only this. */
  resume(what?: Resumed): void;
  /** Nobody will look: dead letters are written, also those that are still to come. All else waits on. */
  writeDeadLetters(): void;
  /** Ends what is held of these records: dead letters are written, and everything else becomes one for this reason. */
  rejectHeld(which: (record: SourceRecord) => boolean, failure: Failure): void;
  /** Drops what is held for partitions that went to another process. */
  purge(): void;
  /** How much is held. */
  held(): number;
  /** What waits for a person, by lane or subscription. */
  blockages(): readonly (Blockage & { readonly lane: string })[];
}
