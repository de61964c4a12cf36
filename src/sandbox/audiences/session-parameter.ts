import { isObject, own } from '../../core/json.ts';
import { type Refused, refused } from '../graph/edge.ts';
import { type GraphCall, parameter } from '../graph/graph-call.ts';
import { requestError } from '../graph/graph-errors.ts';
import { isTrue } from './user-payload.ts';

/** `session` of a call about users (Meta: Custom audiences, upload with sessions). */
export interface SessionParameter {
  readonly kind: 'session';
  /** A positive int64, as text. */
  readonly id: string;
  readonly batch: number;
  readonly last: boolean;
  readonly estimatedTotal: number | undefined;
}

const largestId = 2n ** 63n - 1n;

/** Undefined when there is none: Meta then makes one of its own. */
export function readSession(call: GraphCall): SessionParameter | Refused | undefined {
  const session = parameter(call, 'session');
  if (session === undefined || session === '') return undefined;
  if (!isObject(session)) return wrong('session', 'a JSON object');
  const id = wholeNumber(own(session, 'session_id'));
  if (id === undefined || BigInt(id) > largestId) return wrong('session[session_id]', 'a positive 64-bit integer');
  const batch = wholeNumber(own(session, 'batch_seq'));
  if (batch === undefined) return wrong('session[batch_seq]', 'a positive integer');
  const total = wholeNumber(own(session, 'estimated_num_total'));
  return {
    kind: 'session',
    id,
    batch: Number(batch),
    last: isTrue(own(session, 'last_batch_flag')),
    estimatedTotal: total === undefined ? undefined : Number(total),
  };
}

/** A positive integer, given as a number or as digits. */
function wholeNumber(value: unknown): string | undefined {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && /^[1-9]\d{0,18}$/.test(text) ? text : undefined;
}

function wrong(name: string, expected: string): Refused {
  return refused(requestError(`The parameter ${name} must be ${expected}`));
}
