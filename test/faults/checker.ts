import type { Arrival, CommitFact, Evidence, GenerationFact, SourceFact } from './evidence.ts';

/** What a run may do beyond delivering each event once. */
export interface Allowed {
  /** `never`: nothing is sent twice. `ambiguous`: where no answer can have been seen, or it died with a process. */
  readonly repetitions: 'never' | 'ambiguous';
  /** Every event of a user arrives before the next one of that user. Needs one request at a time. */
  readonly inOrder: boolean;
}

export interface Findings {
  readonly events: number;
  /** Arrivals beyond the first of an event. */
  readonly repeated: number;
  readonly letters: number;
  readonly commits: number;
  /** What broke the promise, in words; empty when all is well. */
  readonly problems: readonly string[];
}

/** Both clocks are this machine's, but times are cut to whole milliseconds. */
const slackMillis = 2;
/** How long after the broker's answer a connector may take to know that a partition isn't its own any more. */
const handOverMillis = 500;
const examples = 3;

/** Holds what happened against the promise: nothing lost, nothing invented, no commit too far or by somebody else. */
export function check(evidence: Evidence, allowed: Allowed): Findings {
  const problems: string[] = [];
  const tell = (what: string, found: readonly string[]) => {
    if (found.length > 0) problems.push(`${found.length} ${what}: ${found.slice(0, examples).join(', ')}`);
  };
  const history = historyOf(evidence);
  tell('events lost', lost(evidence, history));
  tell('events that nobody produced', invented(evidence, history));
  tell('letters missing', lettersMissing(evidence, history));
  tell('letters for records that have none', lettersTooMany(evidence, history));
  const repeated = repetitions(evidence, history, allowed);
  tell('sent again without need', repeated.wrong);
  tell('letters written again without need', repeated.wrongLetters);
  if (allowed.inOrder) tell('events that overtook one of their user', overtakers(evidence, history));
  tell('commits beyond an unsettled record', tooFar(evidence, history));
  tell('commits that went back', backwards(evidence.commits));
  tell('commits of partitions that were not the committer’s', foreign(evidence));
  tell('sent for a partition that was another’s', strangers(evidence, history));
  tell('partitions not committed to their end', unfinished(evidence));
  for (const { audience, expected, found } of evidence.memberships ?? []) {
    tell(
      `users missing in ${audience}`,
      [...expected].filter((user) => !found.has(user)),
    );
    tell(
      `users in ${audience} who left`,
      [...found].filter((user) => !expected.has(user)),
    );
  }
  const { records, letters, commits } = evidence;
  return {
    events: records.length,
    repeated: repeated.count,
    letters: letters.length,
    commits: commits.length,
    problems,
  };
}

interface History {
  readonly arrivals: ReadonlyMap<string, readonly Arrival[]>;
  /** By place: when the letters of a record were written. */
  readonly letters: ReadonlyMap<string, readonly { readonly at: number; readonly code: string }[]>;
}

const place = ({ partition, offset }: { readonly partition: number; readonly offset: number }) =>
  `${partition}/${offset}`;

function historyOf({ arrivals, letters }: Evidence): History {
  return {
    arrivals: Map.groupBy(arrivals, ({ eventId }) => eventId),
    letters: Map.groupBy(letters, place),
  };
}

function lost({ records }: Evidence, { arrivals }: History): string[] {
  return records.flatMap(({ eventId }) => (eventId !== undefined && !arrivals.has(eventId) ? [eventId] : []));
}

function invented({ records }: Evidence, { arrivals }: History): string[] {
  const known = new Set(records.map(({ eventId }) => eventId));
  return [...arrivals.keys()].filter((id) => !known.has(id));
}

function lettersMissing({ records }: Evidence, { letters }: History): string[] {
  return records.flatMap((record) => {
    const { code } = record;
    const fine = code === undefined || letters.get(place(record))?.some((letter) => letter.code === code) === true;
    return fine ? [] : [`${place(record)} ${code}`];
  });
}

function lettersTooMany({ records }: Evidence, { letters }: History): string[] {
  const codes = new Map(records.map((record) => [place(record), record.code]));
  return [...letters].flatMap(([where, found]) =>
    found.filter(({ code }) => codes.get(where) !== code).map(({ code }) => `${where} ${code}`),
  );
}

/** Something happened to a record twice. */
function repetitions(evidence: Evidence, history: History, { repetitions: which }: Allowed) {
  const excused = excuses(evidence);
  const woken = wakers(evidence);
  const wrong: string[] = [];
  const wrongLetters: string[] = [];
  let count = 0;
  const inSource = Map.groupBy(evidence.records, ({ eventId }) => eventId);
  for (const record of evidence.records) {
    // A producer that tried again may have written it twice; then it is rightly sent twice.
    if (record.eventId !== undefined && (inSource.get(record.eventId)?.length ?? 0) > 1) continue;
    const times = record.eventId === undefined ? [] : (history.arrivals.get(record.eventId) ?? []);
    count += Math.max(0, times.length - 1);
    const asSent = times.toSorted((a, b) => a.startedAt - b.startedAt);
    const isWrong = pairs(asSent).some(
      ([one, next]) =>
        which === 'never' ||
        // One that was replaced while it stood still doesn't know that yet.
        (!(one.unanswered || one.sender !== next.sender || excused(record, one.startedAt, next.startedAt)) &&
          // Its request may time out at once, because Node counts from before it stood still.
          !woken(one.startedAt)),
    );
    if (isWrong && record.eventId !== undefined) wrong.push(record.eventId);
    const letters = history.letters.get(place(record)) ?? [];
    const isWrongLetter = pairs(letters).some(
      // What it had in hand when it was stopped it writes when it wakes.
      ([one, next]) => which === 'never' || (!excused(record, one.at, next.at) && !woken(next.at)),
    );
    if (isWrongLetter) wrongLetters.push(place(record));
  }
  return { count, wrong, wrongLetters };
}

/** Whether a process that stood still may have done it as it woke: only then an interruption has a length. */
function wakers({ interruptions }: Evidence) {
  return (at: number): boolean =>
    interruptions.some(({ from, to }) => to > from && from <= at + slackMillis && at <= from + handOverMillis);
}

/** Whether an interruption lies between the two, and no commit had told of the first one by then. */
function excuses({ interruptions, generations, commits }: Evidence) {
  const all = [...interruptions, ...generations.map(({ at }) => ({ from: at, to: at }))];
  const byPartition = Map.groupBy(commits, ({ partition }) => partition);
  return ({ partition, offset }: SourceFact, first: number, again: number): boolean =>
    all.some(({ from, to }) => {
      if (to + handOverMillis < first || again + slackMillis < from) return false;
      const told = byPartition.get(partition)?.some((commit) => commit.at < from && commit.offset > offset);
      return told !== true;
    });
}

function overtakers({ records }: Evidence, { arrivals }: History): string[] {
  const wrong: string[] = [];
  const byUser = Map.groupBy(
    records.filter(({ eventId }) => eventId !== undefined),
    ({ key }) => key,
  );
  for (const ofUser of byUser.values()) {
    const inOrder = ofUser.toSorted((a, b) => a.offset - b.offset);
    for (const [one, next] of pairs(inOrder)) {
      const first = arrivals.get(one.eventId ?? '')?.[0];
      const second = arrivals.get(next.eventId ?? '')?.[0];
      if (first !== undefined && second !== undefined && first.at > second.at) wrong.push(String(next.eventId));
    }
  }
  return wrong;
}

/** Commits at a time when something below them was neither delivered nor set aside. */
function tooFar({ records, commits }: Evidence, { arrivals, letters }: History): string[] {
  const wrong: string[] = [];
  const ofRecord = (record: SourceFact): number => {
    if (record.eventId !== undefined) return arrivals.get(record.eventId)?.[0]?.at ?? Number.POSITIVE_INFINITY;
    if (record.code === undefined) return 0;
    return letters.get(place(record))?.[0]?.at ?? Number.POSITIVE_INFINITY;
  };
  const commitsOf = Map.groupBy(commits, ({ partition }) => partition);
  for (const [partition, list] of Map.groupBy(records, (record) => record.partition)) {
    const inOrder = list.toSorted((a, b) => a.offset - b.offset);
    const committed = (commitsOf.get(partition) ?? []).toSorted((a, b) => a.offset - b.offset);
    let settledAt = 0;
    let next = 0;
    for (const { offset, at } of committed) {
      for (let record = inOrder[next]; record !== undefined && record.offset < offset; record = inOrder[next]) {
        settledAt = Math.max(settledAt, ofRecord(record));
        next += 1;
      }
      if (settledAt > at + slackMillis) wrong.push(`${partition} to ${offset}`);
    }
  }
  return wrong;
}

function backwards(commits: readonly CommitFact[]): string[] {
  const wrong: string[] = [];
  for (const [partition, list] of Map.groupBy(commits, (commit) => commit.partition)) {
    for (const [one, next] of pairs(list)) {
      if (next.offset < one.offset) wrong.push(`${partition} from ${one.offset} to ${next.offset}`);
    }
  }
  return wrong;
}

/** The broker refuses commits of an old generation, not those of a member whose partition it isn't. */
function foreign({ commits, generations }: Evidence): string[] {
  if (generations.length === 0) return [];
  const byNumber = new Map(generations.map((one) => [one.generation, one.owners]));
  return commits.flatMap(({ partition, offset, generation = -1, member }) =>
    byNumber.get(generation)?.get(partition) === member ? [] : [`${partition} to ${offset} in ${generation}`],
  );
}

/** Events that a connector began to send after it knew that their partition had gone to another one. */
function strangers({ records, generations }: Evidence, { arrivals }: History): string[] {
  const inOrder = generations.toSorted((a, b) => a.at - b.at);
  return records.flatMap(({ eventId, partition }) =>
    (eventId === undefined ? [] : (arrivals.get(eventId) ?? []))
      .filter(({ startedAt, sender }) => sender !== undefined && isStranger(sender, partition, startedAt, inOrder))
      .map(({ sender }) => `${eventId} of partition ${partition} by ${sender}`),
  );
}

function isStranger(sender: string, partition: number, at: number, generations: readonly GenerationFact[]): boolean {
  const known = generations.findLast((one) => one.at + handOverMillis < at && [...one.owners.values()].some(isSender));
  const owner = known?.owners.get(partition);
  return owner !== undefined && !isSender(owner);

  function isSender(member: string): boolean {
    return member.startsWith(`${sender}-`);
  }
}

function unfinished({ ends, commits }: Evidence): string[] {
  const last = new Map(commits.map(({ partition, offset }) => [partition, offset]));
  return [...ends].flatMap(([partition, end]) =>
    (last.get(partition) ?? 0) === end ? [] : [`${partition} at ${last.get(partition) ?? 0} of ${end}`],
  );
}

function pairs<T>(list: readonly T[]): readonly (readonly [T, T])[] {
  return list.slice(1).map((next, index) => [list[index] as T, next] as const);
}
