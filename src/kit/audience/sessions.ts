import type { AudienceSession } from '../../core/audience.ts';
import type { Failure } from '../../core/outcome.ts';
import { failureOf } from '../field-error.ts';
import type { SyncAudienceListFields } from './fields/sync-audience-list.ts';

/** The sessions that the event numbers itself. */
export interface GivenSessions {
  readonly add?: AudienceSession;
  readonly remove?: AudienceSession;
}

const largest = 2n ** 63n - 1n;

export function sessionsOf(fields: SyncAudienceListFields): GivenSessions | Failure {
  const { session_id_add, session_id_remove, batch_sequence = 1, last_batch_flag = true, sessions } = fields;
  const ids = [session_id_add, session_id_remove].filter((id) => id !== undefined);
  if (!ids.every(isSessionId)) return invalid;
  if (session_id_add !== undefined && session_id_remove !== undefined && same(session_id_add, session_id_remove)) {
    return reused;
  }
  const session = (id: string): AudienceSession => ({
    id: id.trim(),
    sequence: batch_sequence,
    last: last_batch_flag,
    ...(sessions === 'as-given' && { asGiven: true }),
  });
  return {
    ...(session_id_add !== undefined && { add: session(session_id_add) }),
    ...(session_id_remove !== undefined && { remove: session(session_id_remove) }),
  };
}

/** Meta: custom audience, users: a positive 64-bit integer. */
function isSessionId(text: string): boolean {
  if (!/^\d{1,19}$/.test(text.trim())) return false;
  const id = BigInt(text.trim());
  return id > 0n && id <= largest;
}

function same(first: string, second: string): boolean {
  return BigInt(first.trim()) === BigInt(second.trim());
}

const invalid = failureOf(
  'SESSION_INVALID',
  'session_id_add',
  'A session id is not a positive 64-bit integer.',
  'Send digits, as text where the number is above 2^53; or none, and the connector makes sessions of its own.',
);
const reused = failureOf(
  'SESSION_REUSED',
  'session_id_remove',
  'The additions and the removals have the same session id.',
  'Send another number for one of them.',
);
