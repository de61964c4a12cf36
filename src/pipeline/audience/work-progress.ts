import { entriesText, joinedEntries } from '../../core/entry-ranges.ts';
import type { Failure } from '../../core/outcome.ts';
import { parkedCode } from '../lane/parked-failure.ts';
import type { ChangeEnd } from './lane.ts';

/** The changes that one record asks for by one subscription: they are settled together, with one dead letter at most. */
export interface WorkProgress {
  /** One change is final; `entry`: its place in a list of users. `target`: the audience (`targetKey`). */
  ended(entry: string | undefined, end: ChangeEnd, target: string): void;
}

export interface WorkProgressOptions {
  /** Changes that are on their way; more than 0. */
  readonly count: number;
  /** Entries that could not even be prepared. */
  readonly failure: Failure | undefined;
  /** Several audiences are replaced: in which of them an entry failed makes a difference, and isn't recorded. */
  readonly whole?: boolean;
  /**
   * All are final, but for those of the targets that are to be parked. With a failure: the record's dead letter for this
   * subscription is to be written first.
   */
  done(failure: Failure | undefined, parked: readonly string[]): void;
}

interface Refused {
  readonly entry: string | undefined;
  readonly failure: Failure;
}

const maxNamedEntries = 20;

export function createWorkProgress(options: WorkProgressOptions): WorkProgress {
  // Made when they are needed: thousands of changes wait, and most have neither.
  let refused: (Refused & { readonly target: string })[] | undefined;
  let parked: Set<string> | undefined;
  let open = options.count;
  return {
    ended(entry, end, target) {
      if (end.kind === 'rejected' && end.failure.code === parkedCode) {
        parked ??= new Set();
        parked.add(target);
      } else if (end.kind === 'rejected') {
        refused ??= [];
        refused.push({ entry, failure: end.failure, target });
      }
      open -= 1;
      if (open > 0) return;
      // What is parked is done again as a whole, and then refused again if it must be.
      const final = (refused ?? []).filter((refusal) => parked?.has(refusal.target) !== true);
      const unprepared = parked === undefined ? options.failure : undefined;
      options.done(summary({ ...options, failure: unprepared }, final), [...(parked ?? [])]);
    },
  };
}

/**
 * One failure for all: of one person's event what happened to it, of a list which entries it happened to. A list of which
 * nothing was delivered has failed as a whole.
 */
function summary(
  { count, failure: unprepared, whole }: WorkProgressOptions,
  refused: readonly Refused[],
): Failure | undefined {
  const [first] = refused;
  if (first === undefined) return unprepared;
  if (first.entry === undefined && unprepared === undefined) return first.failure;
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
