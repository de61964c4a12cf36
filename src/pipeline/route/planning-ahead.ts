import type { SourceRecord } from '../../core/record.ts';
import type { Destination } from '../../core/subscription.ts';
import type { Decoded } from './decoded.ts';
import { doneIn, type IsDone, type IsDoneOf, type RecordPlan } from './plan.ts';

/** What is to become of the record at a place of a batch, if it was planned; undefined: it is still to be. */
export type PlanningAhead = (records: readonly SourceRecord[], at: number, isDone: IsDoneOf) => RecordPlan | undefined;

export interface PlanningAheadOptions {
  /** As they are configured now: another list after a reload. */
  destinations(): readonly Destination[];
  decode(record: SourceRecord): Decoded;
  /** @param decoded Undefined: the record could not be decoded ahead. */
  plan(record: SourceRecord, decoded: Decoded | undefined, isDone: IsDone): RecordPlan;
}

const none: readonly SourceRecord[] = [];
const mostRecords = 20;
const mostBytes = 40_000;

/**
 * Decodes the next few small records of a batch together, then plans them. Record by record, the code of each step would
 * have to be brought into the processor's cache again for every record.
 */
export function createPlanningAhead(options: PlanningAheadOptions): PlanningAhead {
  let batch = none;
  let from = 0;
  let configured: readonly Destination[] | undefined;
  let ahead: (RecordPlan | undefined)[] = [];

  function planFrom(records: readonly SourceRecord[], start: number, isDone: IsDoneOf): void {
    batch = records;
    from = start;
    configured = options.destinations();
    ahead = decodedFrom(records, start).map((decoded, index) => {
      const record = records[start + index];
      return record && options.plan(record, decoded, doneIn(record, isDone));
    });
  }

  function decodedFrom(records: readonly SourceRecord[], start: number): (Decoded | undefined)[] {
    const decoded: (Decoded | undefined)[] = [];
    let bytes = 0;
    for (let at = start; at < records.length && decoded.length < mostRecords; at += 1) {
      const record = records[at];
      bytes += record?.value?.length ?? 0;
      if (record === undefined || bytes > mostBytes) break;
      decoded.push(decodedOrNot(record));
    }
    return decoded;
  }

  /** An exception is left to who plans the record, and makes a dead letter of it. */
  function decodedOrNot(record: SourceRecord): Decoded | undefined {
    try {
      return options.decode(record);
    } catch {
      return undefined;
    }
  }

  return (records, at, isDone) => {
    const isAhead =
      records === batch && at >= from && at < from + ahead.length && configured === options.destinations();
    if (!isAhead) planFrom(records, at, isDone);
    const plan = ahead[at - from];
    // Nothing is to be kept in memory for longer than it is being routed.
    if (at - from < ahead.length) ahead[at - from] = undefined;
    if (at === records.length - 1) batch = none;
    return plan;
  };
}
