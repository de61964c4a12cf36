import type { DeadLetter } from '../../core/dead-letter.ts';
import type {
  ChosenDeadLetter,
  DeadLetterBrowser,
  DeadLetterCursor,
  DeadLetterOutline,
  DeadLetterPlace,
} from '../../core/dead-letter-browser.ts';

export interface BrowseOptions<T> {
  readonly browser: DeadLetterBrowser;
  /** Absent: from the newest. */
  readonly cursor?: DeadLetterCursor | undefined;
  /** Chosen dead letters at most. */
  readonly most: number;
  /** Dead letters that are looked at, at most, about. */
  readonly mostLooked: number;
  choose(deadLetter: DeadLetter, place: DeadLetterPlace): T | undefined;
  /** False: `choose` need not be asked. */
  readonly mayChoose?: (outline: DeadLetterOutline) => boolean;
  readonly signal: AbortSignal;
}

export interface Page<T> {
  /** The newest first. */
  readonly letters: readonly ChosenDeadLetter<T>[];
  readonly looked: number;
  /** Undefined: there are no more. */
  readonly next: DeadLetterCursor | undefined;
}

/** How many are looked at at once: few at first, because the newest are nearly always what is wanted. */
const firstStep = 200;
const longestStep = 16_000;
const mostAtOnce = 8;

interface Branch<T> {
  readonly partition: number;
  readonly low: number;
  /** What is below was not looked at. */
  end: number;
  /** What is below is not on the page. */
  shownTo: number;
  /** Chosen, and not on the page yet; the newest first. */
  found: readonly ChosenDeadLetter<T>[];
  step: number;
}

/** A page of the archive's dead letters, the newest of all partitions first. */
export async function browse<T>(options: BrowseOptions<T>): Promise<Page<T>> {
  const { browser, cursor, most, mostLooked, choose, mayChoose, signal } = options;
  const ranges = await browser.ranges(signal);
  const branches = [...ranges].map(([partition, { low, high }]): Branch<T> => {
    const end = cursor === undefined ? high : Math.min(high, cursor.get(partition) ?? low);
    return { partition, low, end, shownTo: end, found: [], step: firstStep };
  });
  const letters: ChosenDeadLetter<T>[] = [];
  let looked = 0;

  const isWanting = ({ found, end, low }: Branch<T>) => found.length === 0 && end > low;
  const isEnough = () => looked >= mostLooked || signal.aborted;

  async function readStep(branch: Branch<T>): Promise<void> {
    const step = Math.min(branch.step, mostLooked - looked);
    const seen = await browser.readBack(branch.partition, branch, step, choose, signal, mayChoose);
    if (signal.aborted) return;
    looked += seen.looked;
    branch.found = seen.letters;
    branch.end = seen.from;
    branch.step = Math.min(longestStep, branch.step * 4);
  }

  /** Looks on in partitions that might have the next one. False: that was enough. */
  async function readOn(): Promise<boolean> {
    // The newest of all partitions is wanted first: a few of them are asked at once.
    const unread = branches.filter((branch) => isWanting(branch) && branch.step === firstStep);
    for (let at = 0; at < unread.length && !isEnough(); at += mostAtOnce) {
      await Promise.all(unread.slice(at, at + mostAtOnce).map(readStep));
    }
    for (const branch of branches) {
      while (isWanting(branch)) {
        if (isEnough()) return false;
        await readStep(branch);
      }
    }
    return !signal.aborted;
  }

  while (letters.length < most && (await readOn())) {
    const newest = branches.reduce<Branch<T> | undefined>(newer, undefined);
    const [letter, ...rest] = newest?.found ?? [];
    if (newest === undefined || letter === undefined) break;
    letters.push(letter);
    newest.found = rest;
    newest.shownTo = letter.place.offset;
  }
  const isDone = branches.every(({ found, end, low }) => found.length === 0 && end <= low);
  return { letters, looked, next: isDone ? undefined : cursorOf(branches) };
}

function newer<T>(best: Branch<T> | undefined, branch: Branch<T>): Branch<T> | undefined {
  const at = branch.found[0]?.at;
  return at !== undefined && at > (best?.found[0]?.at ?? Number.NEGATIVE_INFINITY) ? branch : best;
}

function cursorOf(branches: readonly Branch<unknown>[]): DeadLetterCursor {
  return new Map(branches.map(({ partition, found, end, shownTo }) => [partition, found.length === 0 ? end : shownTo]));
}
