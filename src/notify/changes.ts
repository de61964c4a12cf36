import type { Change, Condition, ConditionKind } from './condition.ts';

export interface ChangesOptions {
  /** Between two messages about the same condition, at least. It doubles while the condition comes and goes. */
  readonly intervalMillis: number;
}

/**
 * What is not told yet of all that began and ended. It is bounded: what nobody could be told is counted. Times are of the
 * monotonic clock.
 */
export interface Changes {
  /** These hold at the moment. */
  observe(conditions: readonly Condition[], at: number): void;
  /** What may be told by now. */
  due(at: number): readonly Change[];
  /** These were told. */
  announced(changes: readonly Change[], at: number): void;
  /** Conditions that hold. */
  open(): number;
  /** Conditions that nobody will be told of, because there were too many. */
  leftOut(): number;
}

/** How long a condition must hold before it counts; those without a row count at once. */
const settleMillis: { readonly [K in ConditionKind]?: number } = {
  // A group that rebalances, and a start, take their time.
  source_away: 60_000,
  schemas_missing: 60_000,
  dead_letters_fail: 30_000,
  parking_fails: 30_000,
};

const mostKnown = 200;
/** Doublings of the interval while a condition flaps. */
const longestInIntervals = 16;

interface Known {
  readonly key: string;
  last: Condition;
  /** Since it is there; it holds once it has been for long enough. */
  since: number;
  there: boolean;
  holds: boolean;
  ended: number | undefined;
  /** The cause that was told; undefined: that it doesn't hold. */
  announcedCause: string | undefined;
  times: number;
  changedAt: number;
  announcedAt: number | undefined;
  /** From the last message about it to the next. */
  waitMillis: number;
}

export function createChanges({ intervalMillis }: ChangesOptions): Changes {
  const known = new Map<string, Known>();
  const longestMillis = intervalMillis * longestInIntervals;
  /** What has changed less than this ago, and changes again, flaps. */
  const calmMillis = 2 * longestMillis;
  /** Of the conditions that hold, those that there was no room for. */
  let crowdedOut = 0;
  /** What had ended and was to be told, and went for others. */
  let forgotten = 0;

  function enter(condition: Condition, key: string, at: number): Known | undefined {
    if (known.size >= mostKnown && !makeRoom()) {
      crowdedOut += 1;
      return undefined;
    }
    const entry: Known = {
      ...{ key, last: condition, since: at, there: true, holds: false, ended: undefined, announcedCause: undefined },
      ...{ times: 0, changedAt: at, announcedAt: undefined, waitMillis: intervalMillis },
    };
    known.set(key, entry);
    return entry;
  }

  /** What is over goes, first what nobody is to be told of; true: there was something. */
  function makeRoom(): boolean {
    const over = [...known.values()].filter(({ there }) => !there);
    const gone = over.find((entry) => !isNews(entry)) ?? over[0];
    if (gone === undefined) return false;
    if (isNews(gone)) forgotten += 1;
    return known.delete(gone.key);
  }

  function begin(entry: Known, condition: Condition, at: number): void {
    if (!entry.there) {
      entry.there = true;
      entry.since = at;
    }
    const isSame = causeOf(entry.last) === causeOf(condition);
    entry.last = condition;
    if (entry.holds && isSame) return;
    if (!entry.holds && at - entry.since < (settleMillis[condition.kind] ?? 0)) return;
    if (!entry.holds) entry.times += 1;
    entry.holds = true;
    entry.changedAt = at;
  }

  function end(entry: Known, at: number): void {
    entry.there = false;
    if (!entry.holds) return;
    entry.holds = false;
    entry.ended = at;
    entry.changedAt = at;
  }

  return {
    observe(conditions, at) {
      const present = new Set<string>();
      crowdedOut = 0;
      for (const condition of conditions) {
        const key = `${condition.kind} ${condition.subject}`;
        present.add(key);
        const entry = known.get(key) ?? enter(condition, key, at);
        if (entry !== undefined) begin(entry, condition, at);
      }
      for (const entry of known.values()) {
        if (present.has(entry.key)) continue;
        if (entry.there) end(entry, at);
        // It is remembered for as long as its coming back would be flapping.
        if (!isNews(entry) && at - entry.changedAt > calmMillis) known.delete(entry.key);
      }
    },
    due: (at) => [...known.values()].filter((entry) => isNews(entry) && isDue(entry, at)).map(changeOf),
    announced(changes, at) {
      for (const { condition, state, times } of changes) {
        const entry = known.get(`${condition.kind} ${condition.subject}`);
        if (entry === undefined) continue;
        const flaps = entry.announcedAt !== undefined && at - entry.announcedAt < calmMillis;
        entry.waitMillis = flaps ? Math.min(2 * entry.waitMillis, longestMillis) : intervalMillis;
        entry.announcedCause = state === 'begun' ? causeOf(condition) : undefined;
        entry.times -= times;
        entry.announcedAt = at;
      }
    },
    open: () => [...known.values()].filter(({ holds }) => holds).length,
    leftOut: () => crowdedOut + forgotten,
  };
}

/** What people were told last is not how it is; or it was so in between, and they weren't told of that. */
function isNews({ holds, last, announcedCause, times }: Known): boolean {
  return holds ? announcedCause !== causeOf(last) : announcedCause !== undefined || times > 0;
}

function causeOf({ code, stage }: Condition): string {
  return stage === undefined ? code : `${code} ${stage}`;
}

function isDue({ announcedAt, waitMillis }: Known, at: number): boolean {
  return announcedAt === undefined || at - announcedAt >= waitMillis;
}

function changeOf({ last, holds, since, ended, times }: Known): Change {
  const common = { condition: last, since, times };
  return holds || ended === undefined ? { ...common, state: 'begun' } : { ...common, state: 'ended', ended };
}
