import type { JsonObject } from '../../core/json.ts';
import { type Edge, type Judged, refused } from '../graph/edge.ts';
import type { GraphCall } from '../graph/graph-call.ts';
import { readSession, type SessionParameter } from './session-parameter.ts';
import { endSession, sessionError, sessionOf } from './session-rules.ts';
import { readPayload, type UserPayload } from './user-payload.ts';
import type { UsersParts } from './users-edge.ts';

/** `DELETE /{version}/act_{account}/usersofanyaudience`: people are removed from every audience of the account. */
export function usersOfAnyAudienceEdge({ access, store, upload }: UsersParts): Edge {
  function judge(call: GraphCall, objectId: string): Judged {
    const account = access.writableAccount(call, objectId);
    if ('error' in account) return account;
    const payload = readPayload(call, false);
    if (payload.kind === 'refused') return payload;
    const session = readSession(call);
    if (session?.kind === 'refused') return session;
    const error = sessionError(store.sessions, wantedSession(account.id), session);
    if (error !== undefined) return refused(error);
    return { kind: 'accepted', apply: (_request, limit) => apply(account.id, payload, session, limit) };
  }

  function apply(
    accountId: string,
    payload: UserPayload,
    parameter: SessionParameter | undefined,
    limit: number | undefined,
  ): JsonObject {
    const rows = upload.judge(payload, new Map(), limit);
    for (const audience of store.list(accountId)) {
      if (audience.subtype === 'CUSTOM') upload.remove(audience, rows);
    }
    const session = sessionOf(store.sessions, wantedSession(accountId), parameter);
    endSession(store.sessions, session, parameter);
    return upload.report(session, rows);
  }

  return { method: 'DELETE', name: 'usersofanyaudience', judge };
}

function wantedSession(accountId: string) {
  return { accountId, audienceId: '', operation: 'remove' } as const;
}
