import type { SourceRecord } from '../../core/record.ts';
import type { Decoded } from './decoded.ts';

/** What the record at a place of a batch holds, if it was decoded; undefined: it is still to be. */
export type DecodingAhead = (records: readonly SourceRecord[], at: number) => Decoded | undefined;

const none: readonly SourceRecord[] = [];
const mostRecords = 20;
const mostBytes = 40_000;

/**
 * Decodes the next few small records of a batch together. By turns with all that is done with an event, the code of either
 * would have to be brought into the processor's cache again for every record.
 */
export function createDecodingAhead(decode: (record: SourceRecord) => Decoded): DecodingAhead {
  let batch = none;
  let from = 0;
  let ahead: (Decoded | undefined)[] = [];

  function decodeFrom(records: readonly SourceRecord[], start: number): void {
    batch = records;
    from = start;
    ahead = [];
    let bytes = 0;
    for (let at = start; at < records.length && ahead.length < mostRecords; at += 1) {
      const record = records[at];
      bytes += record?.value?.length ?? 0;
      if (record === undefined || bytes > mostBytes) return;
      ahead.push(decodedOrNot(record));
    }
  }

  /** An exception is left to who plans the record, and makes a dead letter of it. */
  function decodedOrNot(record: SourceRecord): Decoded | undefined {
    try {
      return decode(record);
    } catch {
      return undefined;
    }
  }

  return (records, at) => {
    if (records !== batch || at < from || at >= from + ahead.length) decodeFrom(records, at);
    const decoded = ahead[at - from];
    // Nothing is to be kept in memory for longer than it is being routed.
    if (at - from < ahead.length) ahead[at - from] = undefined;
    if (at === records.length - 1) batch = none;
    return decoded;
  };
}
