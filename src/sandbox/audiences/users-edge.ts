import { type Audience, replacingStatus } from './audience.ts';
import type { AudienceAccess } from './audience-access.ts';
import { replaceError, replaceErrors, updateFailed } from './audience-errors.ts';
import type { AudienceStore } from './audience-store.ts';
import { type Edge, type Judged, refused } from '../graph/edge.ts';
import type { GraphCall } from '../graph/graph-call.ts';
import type { GraphError } from '../graph/graph-errors.ts';
import { readSession, type SessionParameter } from './session-parameter.ts';
import { endSession, sessionError, sessionOf } from './session-rules.ts';
import { readPayload, type UserPayload } from './user-payload.ts';
import type { JudgedRows } from './user-rows.ts';
import { type UserUpload, uploadAnswer } from './user-upload.ts';

export interface UsersParts {
  readonly access: AudienceAccess;
  readonly store: AudienceStore;
  readonly upload: UserUpload;
}

/** `POST /{version}/{audience}/users` adds people, `DELETE` removes them (Meta: Custom audience users). */
export function usersEdge(operation: 'add' | 'remove', { access, store, upload }: UsersParts): Edge {
  function judge(call: GraphCall, id: string): Judged {
    const audience = access.writableAudience(call, id);
    if ('error' in audience) return audience;
    if (audience.operationStatus === replacingStatus) return refused(replaceError(replaceErrors.inProgress));
    const payload = readPayload(call, operation === 'add' && audience.isValueBased);
    if (payload.kind === 'refused') return payload;
    const session = readSession(call);
    if (session?.kind === 'refused') return session;
    const wanted = { accountId: audience.accountId, audienceId: audience.id, operation };
    const error = sourceError(audience, payload) ?? sessionError(store.sessions, wanted, session);
    if (error !== undefined) return refused(error);
    return { kind: 'accepted', apply: (_request, limit) => apply(audience, payload, session, limit) };
  }

  /** Recorded for bare values sent to an audience that had rows with several keys. */
  function sourceError(audience: Audience, { flat }: UserPayload): GraphError | undefined {
    if (operation === 'remove' || !flat || audience.dataSource !== 'MULTI_HASHES') return undefined;
    return updateFailed(
      'This audience was created from data source FILE_IMPORTED.MULTI_HASHES, which does not support data source ' +
        'FILE_IMPORTED.HASHES_OR_USER_IDS.',
    );
  }

  function apply(
    audience: Audience,
    payload: UserPayload,
    parameter: SessionParameter | undefined,
    limit: number | undefined,
  ) {
    const wanted = { accountId: audience.accountId, audienceId: audience.id, operation };
    const session = sessionOf(store.sessions, wanted, parameter);
    if (store.sessions.endOf(session) === 'timed_out') {
      audience.discardedBatches += 1;
      return uploadAnswer(session, {});
    }
    const rows = upload.judge(payload, audience.refusedValues, limit);
    if (operation === 'add') add(audience, payload, rows);
    else upload.remove(audience, rows);
    endSession(store.sessions, session, parameter);
    return upload.report(session, rows);
  }

  function add(audience: Audience, { flat }: UserPayload, rows: JudgedRows): void {
    upload.add(audience, audience.members, rows);
    if (audience.dataSource !== 'ANYTHING') return;
    audience.dataSource = flat ? 'HASHES_OR_USER_IDS' : 'MULTI_HASHES';
  }

  return { method: operation === 'add' ? 'POST' : 'DELETE', name: 'users', judge };
}
