import type { AudienceOperation, AudienceSession } from '../../core/audience.ts';
import type { Clock } from '../../core/ports.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Refused } from './audience-call.ts';
import { nothingCounted, type SessionCounts } from './users-answer.ts';

/** Sessions that users number themselves, as far as this process has seen them. Meta: unique within an ad account. */
export interface GivenSessions {
  /** `finished`: its last list was taken. With a failure: Meta would refuse the list, or drop it. */
  state(session: AudienceSession, scope: string, operation: AudienceOperation): 'open' | 'finished' | Failure;
  /** What Meta had counted in it before the list that is sent now; undefined: that isn't known. */
  counts(session: AudienceSession, scope: string): SessionCounts | undefined;
  /** Meta has taken a list of it. `counts`: what it counts now. */
  taken(session: AudienceSession, scope: string, counts: SessionCounts): void;
  /** Meta may have taken a list of it. */
  unanswered(session: AudienceSession, scope: string): void;
}

/** Meta ends a session 90 minutes after its first request (Meta: Custom audiences, sessions). */
const sessionMillis = 80 * 60_000;
/** It may be taken for alive for as long as Meta may. */
const forgottenMillis = 24 * 60 * 60_000;
const remembered = 1_000;

interface Known {
  /** By the monotonic clock. */
  readonly since: number;
  readonly operation: AudienceOperation;
  finished: boolean;
  counts: SessionCounts | undefined;
}

export function createGivenSessions({ monotonic }: Pick<Clock, 'monotonic'>): GivenSessions {
  const sessions = new Map<string, Known>();
  const keyOf = ({ id }: AudienceSession, scope: string) => `${scope}\n${BigInt(id)}`;

  return {
    state(session, scope, operation) {
      const key = keyOf(session, scope);
      const known = sessions.get(key);
      if (known === undefined || monotonic() - known.since > forgottenMillis) {
        sessions.delete(key);
        const counts = session.sequence === 1 ? nothingCounted : undefined;
        sessions.set(key, { since: monotonic(), operation, finished: false, counts });
        const [oldest] = sessions.keys();
        if (sessions.size > remembered && oldest !== undefined) sessions.delete(oldest);
        return 'open';
      }
      if (known.operation !== operation) return sessionReused;
      if (known.finished) return 'finished';
      return monotonic() - known.since > sessionMillis ? sessionTooOld : 'open';
    },
    counts: (session, scope) => sessions.get(keyOf(session, scope))?.counts,
    taken(session, scope, counts) {
      const known = sessions.get(keyOf(session, scope));
      if (known === undefined) return;
      known.counts = counts;
      if (session.last) known.finished = true;
    },
    unanswered(session, scope) {
      const known = sessions.get(keyOf(session, scope));
      if (known !== undefined) known.counts = undefined;
    },
  };
}

/** Meta has refused the session, not the rows: it is finished, or another upload's. */
export function isSessionRefused(refused: Refused): boolean {
  const { code, message } = refused.failure;
  return code === 'META_2650_1870159' || (code === 'META_100' && /session_id/.test(message));
}

const fix = 'Send the list again under a new session id, or without one.';

/** An outcome that leaves the lane open: the session is the event's own. */
export function sessionRefused(failure: Failure): Failure {
  return { ...failure, field: 'session_id_add', fix };
}

const sessionTooOld: Failure = {
  code: 'SESSION_TOO_OLD',
  field: 'session_id_add',
  message: 'The session of this list began more than 80 minutes ago; Meta ends it after 90 and drops what comes later.',
  fix,
};

const sessionReused: Failure = {
  code: 'SESSION_REUSED',
  field: 'session_id_remove',
  message: 'An earlier list had the same session id for the opposite: one session adds people or removes them.',
  fix: 'Send another number for one of them.',
};
