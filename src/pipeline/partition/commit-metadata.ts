import { createHash } from 'node:crypto';
import { isObject, own } from '../../core/json.ts';

/** What of a record's parts was final already when the position was committed. */
export interface DonePart {
  /** All of this part's deliveries of records below are final… */
  readonly to: number;
  /** …but for those of these records; ascending. */
  readonly holes: readonly number[];
}

/** By fingerprint of the part. */
export type DoneMap = ReadonlyMap<string, DonePart>;

/** What one process tells the next one with a commit. */
export interface CommitMetadata {
  readonly done: DoneMap;
  /** Whether no request that changes an audience can be on its way any more; undefined: not said. */
  readonly clean: boolean | undefined;
}

/** Brokers take 4,096 bytes with a commit unless they are told otherwise. */
export const maxMetadataBytes = 3_000;

const fingerprintLength = 8;

/** A short name for a part; a part that is renamed is another part. */
export function fingerprintOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, fingerprintLength);
}

/**
 * `{"v":1,"at":POSITION,"clean":BOOLEAN,"done":{FINGERPRINT:[to, hole, …]}}`, all offsets relative to the position;
 * undefined when there is nothing to tell.
 */
export function printMetadata(position: number, { done, clean }: CommitMetadata): string | undefined {
  if (done.size === 0 && clean === undefined) return undefined;
  const map = [...done].map(([name, { to, holes }]) => [name, [to, ...holes].map((offset) => offset - position)]);
  return JSON.stringify({
    v: 1,
    at: position,
    ...(clean !== undefined && { clean }),
    ...(done.size > 0 && { done: Object.fromEntries(map) }),
  });
}

/**
 * What was committed with `position`; nothing when the text is none of ours, or belongs to another position because
 * somebody has moved the offset.
 */
export function parseMetadata(text: string | undefined, position: number): CommitMetadata {
  const nothing: CommitMetadata = { done: new Map(), clean: undefined };
  if (text === undefined || !text.startsWith('{')) return nothing;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return nothing;
  }
  if (own(json, 'v') !== 1 || own(json, 'at') !== position) return nothing;
  const clean = own(json, 'clean');
  return { done: doneOf(own(json, 'done'), position), clean: typeof clean === 'boolean' ? clean : undefined };
}

function doneOf(done: unknown, position: number): DoneMap {
  if (!isObject(done)) return new Map();
  return new Map(
    Object.entries(done).flatMap(([name, offsets]): [string, DonePart][] => {
      if (!Array.isArray(offsets) || !offsets.every((offset) => Number.isSafeInteger(offset) && offset >= 0)) return [];
      const [to, ...holes] = offsets.map((offset: number) => offset + position);
      return to === undefined ? [] : [[name, { to, holes }]];
    }),
  );
}
