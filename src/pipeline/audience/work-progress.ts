import { entriesText, joinedEntries } from '../../core/entry-ranges.ts';
import type { Failure } from '../../core/outcome.ts';
import { parkedCode } from '../lane/parked-failure.ts';
import type { ParkedTargets } from '../route/audience-work.ts';
import type { ChangeEnd } from './change-end.ts';

/** The changes that one record asks for by one subscription: they are settled together, with one dead letter at most. */
export interface WorkProgress {
  /** One change is final; `entry`: its place in a list of users. `target`: the audience (`targetKey`). */
  ended(entry: string | undefined, end: ChangeEnd, target: string): void;
}

export interface WorkProgressOptions<W> {
  readonly work: W;
  /** Changes that are on their way; more than 0. */
  readonly count: number;
  /** How many audiences they are of; absent: one. */
  readonly targets?: number;
  /** Several audiences are replaced: in which of them an entry failed makes a difference, and isn't recorded. */
  readonly whole?: boolean;
  /**
   * All are final, but for those that are to be parked. With a failure: the record's dead letter for this
   * subscription is to be written first.
   */
  readonly done: (work: W, failure: Failure | undefined, parked: ParkedTargets) => void;
}

/** `failure`: of entries that could not even be prepared. */
type WithFailure = { readonly failure?: Failure | undefined };

interface Refused {
  readonly entry: string | undefined;
  readonly failure: Failure;
}

const maxNamedEntries = 20;

/**
 * A class, as in-flight-record.ts has one and for the same reason: as closures it was five objects for each of thousands of
 * changes that wait.
 */
class ChangesInProgress<W extends WithFailure> implements WorkProgress {
  readonly #work: W;
  readonly #count: number;
  readonly #targets: number;
  readonly #whole: boolean;
  readonly #done: WorkProgressOptions<W>['done'];
  // Made when they are needed: most have neither.
  #refused: (Refused & { readonly target: string })[] | undefined;
  #parked: Set<string> | undefined;
  #open: number;

  constructor({ work, count, targets = 1, whole = false, done }: WorkProgressOptions<W>) {
    this.#work = work;
    this.#count = count;
    this.#targets = targets;
    this.#whole = whole;
    this.#done = done;
    this.#open = count;
  }

  ended(entry: string | undefined, end: ChangeEnd, target: string): void {
    if (end.kind === 'rejected') this.#reject(entry, end.failure, target);
    this.#open -= 1;
    if (this.#open > 0) return;
    const work = this.#work;
    const parked = this.#parked;
    if (this.#refused === undefined && parked === undefined) {
      this.#done(work, work.failure, none);
      return;
    }
    // What is parked is done again as a whole, and then refused again if it must be.
    const final = (this.#refused ?? []).filter((refusal) => parked?.has(refusal.target) !== true);
    const unprepared = parked === undefined ? work.failure : undefined;
    const failure = summary({ count: this.#count, whole: this.#whole }, unprepared, final);
    const isAll = parked !== undefined && parked.size >= this.#targets;
    this.#done(work, failure, isAll ? 'all' : [...(parked ?? none)]);
  }

  #reject(entry: string | undefined, failure: Failure, target: string): void {
    if (failure.code === parkedCode) {
      this.#parked ??= new Set();
      this.#parked.add(target);
    } else {
      this.#refused ??= [];
      this.#refused.push({ entry, failure, target });
    }
  }
}

export function createWorkProgress<W extends WithFailure>(options: WorkProgressOptions<W>): WorkProgress {
  return new ChangesInProgress(options);
}

const none: readonly never[] = [];

/**
 * One failure for all: of one person's event what happened to it, of a list which entries it happened to. A list of which
 * nothing was delivered has failed as a whole.
 */
function summary(
  { count, whole }: Pick<WorkProgressOptions<unknown>, 'count' | 'whole'>,
  unprepared: Failure | undefined,
  refused: readonly Refused[],
): Failure | undefined {
  const [first] = refused;
  if (first === undefined) return unprepared;
  if (first.entry === undefined) return first.failure;
  const named = refused.slice(0, maxNamedEntries).map(({ entry = '', failure }) => `${entry} (${failure.code})`);
  const more = refused.length > maxNamedEntries ? `; and ${refused.length - maxNamedEntries} more` : '';
  const refusals = `${refused.length} ${refused.length === 1 ? 'entry was' : 'entries were'} refused: ${named.join('; ')}${more}.`;
  const { fix, meta } = first.failure;
  const refusedEntries =
    whole === true || refused.length === count ? undefined : entriesText(refused.map(({ entry = '' }) => entry));
  const entries = unprepared === undefined ? refusedEntries : joinedEntries([unprepared.entries, refusedEntries]);
  return {
    code: 'ENTRIES_REJECTED',
    field: 'users',
    message: unprepared === undefined ? refusals : `${unprepared.message} ${refusals}`,
    ...(fix !== undefined && { fix }),
    ...(entries !== undefined && { entries }),
    ...(meta !== undefined && { meta }),
  };
}
