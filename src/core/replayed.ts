import { isObject, own } from './json.ts';

export const replayOutcomes = ['done', 'refused', 'superseded'] as const;

/** What came of a replayed dead letter: settled without a new one, set aside again, or covered by newer changes of the audience. */
export type ReplayOutcome = (typeof replayOutcomes)[number];

/** The key of a dead letter (`deadLetterKey`) that was replayed. */
export interface ReplayedKey {
  readonly key: string;
  readonly outcome: ReplayOutcome;
}

/** What a replay has written down of a dead letter. */
export interface Replayed {
  /** Unix milliseconds. */
  readonly at: number;
  /** Absent: an earlier version has not written it. */
  readonly outcome?: ReplayOutcome;
}

/** As it is written, beside the key. */
export function writtenReplayed(outcome: ReplayOutcome, at: Date) {
  return { at: at.toISOString(), outcome };
}

/** What `writtenReplayed` made; undefined: it is none. */
export function readReplayed(json: unknown): Replayed | undefined {
  if (!isObject(json)) return undefined;
  const at = Date.parse(String(own(json, 'at')));
  const said = own(json, 'outcome');
  const outcome = replayOutcomes.find((each) => each === said);
  return Number.isNaN(at) ? undefined : { at, ...(outcome !== undefined && { outcome }) };
}
