import type { Replay } from '../../replay/replay.ts';
import type { ReplayCounts } from '../../replay/replay-source.ts';
import type { AnswerOf } from '../server/handler.ts';

type Shown = AnswerOf<'previewReplay'>['counts'];

/** The counts of a replay as the API tells them. */
export function shownCounts(counts: ReplayCounts, outcomes: Replay['outcomes']): Shown {
  const { read, selected, replayed, superseded, marked, notReplayed } = counts;
  return {
    ...{ read, selected, replayed, superseded, marked },
    delivered: outcomes.delivered,
    setAsideAgain: outcomes.failedAgain,
    leftOut: Object.fromEntries(Object.entries(notReplayed).filter(([, count]) => count > 0)),
  };
}
