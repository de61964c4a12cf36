import { ConnectorError } from '../core/errors.ts';
import type { PersonValues } from '../kit/audience/columns.ts';
import type { AudienceCallOptions, Refused } from '../meta/audiences/audience-call.ts';
import { eraseUsers } from '../meta/audiences/erase-users.ts';
import { maxRowsPerRequest } from '../meta/audiences/users-request.ts';
import type { ErasedAccount } from './ad-accounts.ts';
import { valuesByColumn } from './people.ts';

/** What Meta was asked for one ad account. */
export interface ErasedAtMeta {
  readonly adAccount: string;
  readonly requests: number;
  /** Values that Meta has taken, by column. It doesn't tell whether it knew them. */
  readonly taken: Readonly<Record<string, number>>;
  /** Values that it found invalid. */
  readonly invalid: number;
  /** Why not all was asked. */
  readonly failure?: string;
}

export interface EraseAtMetaOptions {
  readonly call: AudienceCallOptions;
  readonly account: ErasedAccount;
  readonly people: readonly PersonValues[];
  readonly signal: AbortSignal;
}

const tries = 6;
const firstWaitMillis = 500;
/** A limit that lasts longer is told instead: the command can be run again. */
const longestWaitMillis = 5 * 60_000;

/**
 * Removes people from every customer list of an ad account, by each of their identifiers for itself: a row of several
 * would find only whom Meta knows by that combination.
 */
export async function eraseAtMeta(options: EraseAtMetaOptions): Promise<ErasedAtMeta> {
  const { call, account, people, signal } = options;
  const { adAccountId, caller, destinations } = account;
  const taken: Record<string, number> = {};
  let [requests, invalid] = [0, 0];
  let failure: string | undefined;
  try {
    for (const [key, found] of valuesByColumn(people, destinations, call.clock.now())) {
      const values = [...found];
      for (let from = 0; from < values.length; from += maxRowsPerRequest) {
        const portion = values.slice(from, from + maxRowsPerRequest);
        const erased = await persistently(options, () =>
          eraseUsers(call, caller, { adAccountId, key, values: portion }, signal),
        );
        requests += 1;
        if (erased.received < portion.length) {
          throw new ConnectorError('OUTCOME_COUNT', `Meta counted ${erased.received} of ${portion.length} rows`);
        }
        taken[key] = (taken[key] ?? 0) + portion.length;
        invalid += erased.invalid;
      }
    }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    failure = `${error.message} [${error.code}]`;
  }
  return { adAccount: adAccountId, requests, taken, invalid, ...(failure !== undefined && { failure }) };
}

/** Asks until there is an answer, as long as waiting may help; throws what Meta says, with the fix. */
async function persistently<T extends { readonly kind: 'erased' }>(
  { call: { clock }, signal }: EraseAtMetaOptions,
  ask: () => Promise<T | Refused>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    const answer = await ask();
    if (answer.kind === 'erased') return answer;
    const wait = waitAfter(answer, tried);
    if (wait === undefined || signal.aborted) throw refusal(answer);
    await clock.sleep(wait, signal);
  }
}

function waitAfter(answer: Refused, tried: number): number | undefined {
  if (tried === tries) return undefined;
  if (answer.kind === 'retryable') return firstWaitMillis * 2 ** tried;
  if (answer.kind !== 'throttled') return undefined;
  const wait = answer.waitMillis ?? 60_000;
  return wait > longestWaitMillis ? undefined : wait;
}

function refusal({ failure }: Refused): ConnectorError {
  return new ConnectorError(
    failure.code,
    `${failure.message}${failure.fix === undefined ? '' : ` Fix: ${failure.fix}`}`,
  );
}
