import { createHash } from 'node:crypto';
import { isObject, own } from '../core/json.ts';

/** What of a record's parts was final already when the position was committed. */
export interface DonePart {
  /** All of this part's deliveries of records below are final… */
  readonly to: number;
  /** …but for those of these records; ascending. */
  readonly holes: readonly number[];
}

/** By fingerprint of the part. */
export type DoneMap = ReadonlyMap<string, DonePart>;

/** Brokers take 4,096 bytes with a commit unless they are told otherwise. */
export const maxMapBytes = 3_000;

const fingerprintLength = 8;

/** A short name for a part; a part that is renamed is another part. */
export function fingerprintOf(part: string): string {
  return createHash('sha256').update(part).digest('hex').slice(0, fingerprintLength);
}

/** `{"v":1,"at":POSITION,"done":{FINGERPRINT:[to, hole, …]}}`, all offsets relative to the position. */
export function printDoneMap(position: number, map: DoneMap): string {
  const done = [...map].map(([name, { to, holes }]) => [name, [to, ...holes].map((offset) => offset - position)]);
  return JSON.stringify({ v: 1, at: position, done: Object.fromEntries(done) });
}

/**
 * The map that was committed with `position`; empty when the text is none of ours, or belongs to another position
 * because somebody has moved the offset.
 */
export function parseDoneMap(text: string | undefined, position: number): DoneMap {
  const none: DoneMap = new Map();
  if (text === undefined || !text.startsWith('{')) return none;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return none;
  }
  const done = own(json, 'done');
  if (own(json, 'v') !== 1 || own(json, 'at') !== position || !isObject(done)) return none;
  return new Map(
    Object.entries(done).flatMap(([name, offsets]): [string, DonePart][] => {
      if (!Array.isArray(offsets) || !offsets.every((offset) => Number.isSafeInteger(offset) && offset >= 0)) return [];
      const [to, ...holes] = offsets.map((offset: number) => offset + position);
      return to === undefined ? [] : [[name, { to, holes }]];
    }),
  );
}
