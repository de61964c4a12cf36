import type { AudienceOperation, AudienceRequestTerms, AudienceSession } from '../../core/audience.ts';
import type { EncodedBody } from '../../core/encoded-body.ts';
import type { Random } from '../../core/ports.ts';
import { requestBody } from '../request-body.ts';

/** Rows in one request (Meta: Custom audience, users). */
export const maxRowsPerRequest = 10_000;

export interface UsersRequest {
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly body: Buffer;
}

/**
 * The request that adds these rows, removes them or replaces all others by them, without the token. The schema is always an array and the rows are
 * lists, also for one column: the forms that Meta's documentation shows besides depend on how the audience was made.
 *
 * @param rows JSON array of the cells of each row, or several of them with commas between, sent as they are.
 * @param session Undefined: none, as `explain` shows a request.
 */
export function usersRequest(
  apiVersion: string,
  terms: AudienceRequestTerms,
  rows: readonly EncodedBody[],
  session: AudienceSession | undefined,
): UsersRequest {
  const { pageIds, appIds, igAccountIds, raw, dataSource } = terms.settings;
  const payload = [
    `"schema":${JSON.stringify(terms.schema)}`,
    ...member('is_raw', raw),
    ...member('page_ids', pageIds),
    ...member('app_ids', appIds),
    ...member('ig_account_ids', igAccountIds),
    ...member('data_source', dataSource),
  ];
  const before = session === undefined ? '' : `${sessionMember(session)},`;
  return {
    method: terms.operation === 'remove' ? 'DELETE' : 'POST',
    path: `/${apiVersion}/${encodeURIComponent(terms.audienceId)}/${usersEdge(terms.operation)}`,
    body: requestBody(`{${before}"payload":{${payload.join(',')},"data":[`, rows, ']}}'),
  };
}

export function usersEdge(operation: AudienceOperation): 'users' | 'usersreplace' {
  return operation === 'replace' ? 'usersreplace' : 'users';
}

/** A session of its own: complete with one request, so that nothing is left open at Meta when we are stopped. */
export function freshSession(random: Random): AudienceSession {
  // A positive integer that every JSON parser on the way keeps; Meta takes up to 63 bits.
  return { id: String(1 + Math.floor(random() * (Number.MAX_SAFE_INTEGER - 1))), sequence: 1, last: true };
}

/** The id as digits: a number of JavaScript would lose some above 2^53. */
function sessionMember({ id, sequence, last }: AudienceSession): string {
  return `"session":{"session_id":${BigInt(id)},"batch_seq":${sequence},"last_batch_flag":${last}}`;
}

function member(name: string, value: unknown): string[] {
  return value === undefined ? [] : [`"${name}":${JSON.stringify(value)}`];
}
