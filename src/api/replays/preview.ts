import type { DeadLetter } from '../../core/dead-letter.ts';
import type { ReplayedKeys } from '../../core/replayed-keys.ts';
import { keepingBack, keptBack, withoutKept } from '../../explain/explain-privacy.ts';
import { type Preview, previewReplay, type ReplaySetup } from '../../replay/replay.ts';
import { newReplayCounts } from '../../replay/replay-source.ts';
import { isNested, jsonOf } from '../dead-letters/event-of.ts';
import { shownDeadLetter } from '../dead-letters/shown-dead-letter.ts';
import type { AnswerOf } from '../server/handler.ts';
import { shownFailure } from '../views/failure.ts';
import { shownCounts } from './shown-counts.ts';

type Shown = AnswerOf<'previewReplay'>;

const mostItems = 100;
const mostPreviewed = 10_000;
const show = keepingBack();

/** What a replay would do: all of it in numbers, the first in full. */
export async function shownPreview(setup: ReplaySetup, replayed: ReplayedKeys, signal: AbortSignal): Promise<Shown> {
  const counts = newReplayCounts();
  const items: Shown['items'][number][] = [];
  const statuses: Record<string, number> = {};
  let previewed = 0;
  for await (const preview of previewReplay(setup, counts)) {
    previewed += 1;
    statuses[preview.status] = (statuses[preview.status] ?? 0) + 1;
    if (items.length < mostItems) items.push(shownItem(preview, replayed));
    if (previewed >= mostPreviewed || signal.aborted) break;
  }
  const outcomes = { delivered: 0, failedAgain: 0 };
  return { counts: shownCounts(counts, outcomes), items, statuses, complete: previewed < mostPreviewed };
}

function shownItem(
  { deadLetter, status, body, changes, failure }: Preview,
  replayed: ReplayedKeys,
): Shown['items'][number] {
  const { topic: _, ...place } = deadLetter.record;
  return {
    letter: shownDeadLetter(deadLetter, place, replayed),
    status,
    ...(body !== undefined && { body: withoutIdentifiers(JSON.parse(body), deadLetter) }),
    ...(changes !== undefined && { changes }),
    ...(failure !== undefined && { failure: shownFailure(failure) }),
  };
}

function withoutIdentifiers(body: unknown, { record: { value } }: DeadLetter): unknown {
  const event = value === null || isNested(value) ? undefined : jsonOf(value);
  return withoutKept(body, event === undefined ? new Set() : keptBack(event, show));
}
