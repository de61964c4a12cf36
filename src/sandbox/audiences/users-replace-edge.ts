import {
  type Audience,
  audienceSize,
  normalStatus,
  type Replacement,
  replaceFailedStatus,
  replacingStatus,
} from './audience.ts';
import { replaceError, replaceErrors, updateFailed } from './audience-errors.ts';
import { type Edge, type Judged, refused } from '../graph/edge.ts';
import type { GraphCall } from '../graph/graph-call.ts';
import { type GraphError, missingParameter, requestError } from '../graph/graph-errors.ts';
import { createMemberStore } from './member-store.ts';
import { readSession, type SessionParameter } from './session-parameter.ts';
import { endSession, sessionError } from './session-rules.ts';
import { readPayload, type UserPayload } from './user-payload.ts';
import type { UsersParts } from './users-edge.ts';

/** Meta: Replace users. */
const tooManyUsers = 100_000_000;

/**
 * `POST /{version}/{audience}/usersreplace`: the batches of one session become the audience's users when the last has
 * come, or after 90 minutes (Meta: Replace users).
 */
export function usersReplaceEdge({ access, store, upload }: UsersParts): Edge {
  function judge(call: GraphCall, id: string): Judged {
    const audience = access.writableAudience(call, id);
    if ('error' in audience) return audience;
    const payload = readPayload(call, audience.isValueBased);
    if (payload.kind === 'refused') return payload;
    const session = readSession(call);
    if (session === undefined) return refused(missingParameter('session'));
    if (session.kind === 'refused') return session;
    const error = orderError(audience, session) ?? contentError(audience, payload);
    if (error !== undefined) return refused(error);
    return { kind: 'accepted', apply: (_request, limit) => apply(audience, payload, session, limit) };
  }

  /** A session begins with batch 1, once; the others come after it, in any order and as often as they like. */
  function orderError(audience: Audience, session: SessionParameter): GraphError | undefined {
    const { accountId, id, replacement } = audience;
    const error = sessionError(store.sessions, { accountId, audienceId: id, operation: 'replace' }, session);
    if (error !== undefined) return error;
    if (store.sessions.find(accountId, session.id)?.end === 'timed_out') return replaceError(replaceErrors.timedOut);
    const isOwn = replacement?.session.id === session.id;
    if (isOwn && session.batch > 1) return undefined;
    if (audience.operationStatus === replacingStatus) return replaceError(replaceErrors.inProgress);
    return session.batch > 1 ? replaceError(replaceErrors.firstBatchMissing) : startError(audience);
  }

  function apply(audience: Audience, payload: UserPayload, batch: SessionParameter, limit: number | undefined) {
    const replacement = audience.replacement ?? start(audience, payload, batch);
    const rows = upload.judge(payload, audience.refusedValues, limit);
    upload.add(audience, replacement.members, rows);
    endSession(store.sessions, replacement.session, batch);
    if (batch.last) finish(audience, replacement);
    return upload.report(replacement.session, rows);
  }

  function start(audience: Audience, payload: UserPayload, { id, estimatedTotal }: SessionParameter): Replacement {
    const identity = { id, accountId: audience.accountId, audienceId: audience.id, operation: 'replace' } as const;
    const session = store.sessions.start(identity);
    const replacement = { session, schema: schemaOf(payload), estimatedTotal, members: createMemberStore() };
    audience.replacement = replacement;
    audience.operationStatus = replacingStatus;
    return replacement;
  }

  return { method: 'POST', name: 'usersreplace', judge };
}

function finish(audience: Audience, { members }: Replacement): void {
  audience.members = members;
  audience.replacement = undefined;
  audience.operationStatus = normalStatus;
  audience.dataSource = 'MULTI_HASHES';
}

/** A replacement that failed may be done again; in every other state but the normal one it can't begin. */
function startError(audience: Audience): GraphError | undefined {
  const { operationStatus } = audience;
  if (operationStatus !== normalStatus && operationStatus !== replaceFailedStatus) {
    return updateFailed(`operation_status is ${operationStatus}.`);
  }
  return audienceSize(audience) >= tooManyUsers ? replaceError(replaceErrors.tooLarge) : undefined;
}

function contentError(audience: Audience, payload: UserPayload): GraphError | undefined {
  const hasValue = payload.columns.some(({ kind }) => kind === 'value');
  if (hasValue && !audience.isValueBased) return updateFailed('The audience is not value-based.');
  const { replacement } = audience;
  if (replacement === undefined || replacement.schema === schemaOf(payload)) return undefined;
  return requestError('Data is missing or does not match schema');
}

function schemaOf({ columns }: UserPayload): string {
  return columns.map(({ name }) => name).join(',');
}
