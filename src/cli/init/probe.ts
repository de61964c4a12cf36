import { isObject } from '../../core/json.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { Destination } from '../../core/subscription.ts';
import { type RecordKind, recordKinds } from '../../core/record-kind.ts';
import { type DecodeOptions, decodeRecord } from '../../pipeline/route/decode.ts';
import { type Decision, planEvents } from '../../pipeline/route/plan.ts';

/** How a subscription ends for an event: `ready`, or why not (the code of the dead letter, or the reason to skip). */
export interface End {
  readonly kind: 'ready' | 'rejected' | 'skipped';
  readonly reason?: string;
}

/** One event of those that were looked at, and what a destination makes of it. */
export interface ProbedEvent {
  readonly type: string;
  readonly name: unknown;
  /** By subscription; those whose trigger isn't met have none. */
  readonly ends: ReadonlyMap<string, End>;
}

/** What a destination makes of records, each at the time that it was made: an old file isn't too old then. */
export function probe(
  records: readonly SourceRecord[],
  destination: Destination,
  decode: DecodeOptions,
): readonly ProbedEvent[] {
  return records.flatMap((record) =>
    [...planEvents(record, [destination], { decode }, timeOf(record), () => false)].flatMap(
      ({ decoded, decisions }): ProbedEvent[] => {
        if (decoded?.kind !== 'event') return [];
        const { type, event: name } = decoded.event;
        return [{ type, name, ends: new Map(decisions.flatMap(endOf)) }];
      },
    ),
  );
}

function endOf(decision: Decision): [string, End][] {
  if (!('subscription' in decision)) return [];
  const { id } = decision.subscription;
  if (decision.kind === 'skip') return [[id, { kind: 'skipped', reason: decision.reason }]];
  if (decision.kind === 'reject') return [[id, { kind: 'rejected', reason: decision.failure.code }]];
  return [[id, { kind: 'ready' }]];
}

/** Unix milliseconds. */
function timeOf({ value, timestamp }: SourceRecord): number {
  const written = value === null ? undefined : /"timestamp"\s*:\s*"([^"]{1,40})"/.exec(value.toString('utf8'))?.[1];
  const time = Date.parse(written ?? '');
  return Number.isNaN(time) ? timestamp : time;
}

const enoughRecords = 100;

/** What the records are: the way of reading them by which most of them are events. Rows are what nothing else fits, since any object is one. */
export function recordKindOf(records: readonly SourceRecord[], decode: DecodeOptions): RecordKind {
  const some = records.slice(0, enoughRecords);
  const isEvent = (kind: RecordKind) => (record: SourceRecord) =>
    ['event', 'several'].includes(decodeRecord(record, { ...decode, records: kind }).kind);
  let best: { readonly kind: RecordKind; readonly count: number } = { kind: 'events', count: 0 };
  for (const kind of recordKinds.filter((each) => each !== 'rows')) {
    const count = some.filter(isEvent(kind)).length;
    if (count > best.count) best = { kind, count };
  }
  return best.count * 2 < some.length && some.some(isEvent('rows')) ? 'rows' : best.kind;
}

/** An event as the record of a topic would hold it. */
export function bytesOf(event: unknown): Buffer {
  return Buffer.from(isObject(event) ? JSON.stringify(event) : '');
}
