import type { JsonObject } from '../../core/json.ts';
import type { AudienceAccess } from './audience-access.ts';
import type { AudienceStore } from './audience-store.ts';
import type { Edge } from '../graph/edge.ts';
import { type GraphCall, parameter } from '../graph/graph-call.ts';
import type { UploadSession } from './session-book.ts';

/** `GET /{version}/{audience}/sessions`, newest first; `session_id` asks for one. */
export function sessionsEdge(access: AudienceAccess, store: AudienceStore): Edge {
  return {
    method: 'GET',
    name: 'sessions',
    judge(call, id) {
      const audience = access.audience(call, id);
      if ('error' in audience) return audience;
      const sessions = store.sessions.ofAudience(id).reverse();
      return { kind: 'accepted', apply: () => ({ data: wanted(call, sessions).map(sessionView) }) };
    },
  };
}

function wanted(call: GraphCall, sessions: readonly UploadSession[]): readonly UploadSession[] {
  const id = parameter(call, 'session_id');
  return id === undefined ? sessions : sessions.filter((session) => session.id === String(id));
}

/** Every value is text. Nothing is ever matched here, so that number is the -1 of a session under way. */
function sessionView({ id, startedAt, endedAt, received, invalid }: UploadSession): JsonObject {
  return {
    session_id: id,
    start_time: String(Math.floor(startedAt / 1000)),
    end_time: endedAt === undefined ? '0' : String(Math.floor(endedAt / 1000)),
    num_received: String(received),
    num_matched: '-1',
    num_invalid_entries: String(invalid),
    progress: endedAt === undefined ? '0' : '100',
    stage: endedAt === undefined ? 'uploading' : 'finished',
  };
}
