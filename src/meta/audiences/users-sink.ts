import type { AudienceRequestTerms, AudienceSession } from '../../core/audience.ts';
import type { Delivery, Sink } from '../../core/delivery.ts';
import { textOf } from '../../core/encoded-body.ts';
import { ConnectorError } from '../../core/errors.ts';
import { own } from '../../core/json.ts';
import { type Failure, type Outcome, rejected } from '../../core/outcome.ts';
import type { Random } from '../../core/ports.ts';
import { bufferPool } from '../../core/buffer-pool.ts';
import { type AudienceCallOptions, audienceCall, type Caller, type Refused } from './audience-call.ts';
import { faultOfEvent, isUnknownId } from './unknown-id.ts';
import { rowOutcomes, takenRows } from './users-answer.ts';
import { freshSession, maxRowsPerRequest, usersRequest } from './users-request.ts';

export interface UsersSinkOptions extends AudienceCallOptions {
  /** The newest of that name: rows of several destinations may go to one audience, each with its own token. */
  callerOf(destination: string): Caller | undefined;
  readonly random: Random;
  /** Asked in the tick in which these rows are given to a socket. False: they are not sent. */
  maySend(deliveries: readonly Delivery[]): boolean;
}

/** Meta ends a session 90 minutes after its first request (Meta: Custom audiences, sessions). */
const sessionMillis = 80 * 60_000;
const rememberedSessions = 1_000;

/**
 * Sends rows of one audience: one call is one request of at most 10,000 rows with one batch key. The outcome of each
 * row is its own, since Meta takes the valid rows of a request with invalid ones; a replacement is one delivery.
 */
export function usersSink(options: UsersSinkOptions): Sink {
  const { callerOf, clock, random } = options;
  const firstSent = new Map<string, number>();

  /** Given by the user; a part of it that is sent again gets one of its own, and so do all others. */
  function sessionOf({ session }: AudienceRequestTerms, rows: number): AudienceSession & { readonly given: boolean } {
    return session?.rows === rows ? { ...session, given: true } : { ...freshSession(random), given: false };
  }

  function isOver({ id }: AudienceSession): boolean {
    const since = firstSent.get(id);
    if (since !== undefined) return clock.monotonic() - since > sessionMillis;
    firstSent.set(id, clock.monotonic());
    const [oldest] = firstSent.keys();
    if (firstSent.size > rememberedSessions && oldest !== undefined) firstSent.delete(oldest);
    return false;
  }

  return {
    send: async (deliveries, signal) => {
      const [first] = deliveries;
      if (first === undefined) return [];
      const caller = callerOf(first.destination);
      const { terms } = first;
      const { rows = deliveries.length } = terms ?? {};
      if (rows > maxRowsPerRequest) {
        throw new ConnectorError('BATCH_TOO_LARGE', `A request takes at most ${maxRowsPerRequest} rows.`);
      }
      if (terms === undefined || caller === undefined) {
        throw new ConnectorError(
          'NOT_AN_AUDIENCE_ROW',
          'A delivery without an audience came to the sink of audiences.',
        );
      }
      const session = sessionOf(terms, rows);
      if (session.given && isOver(session)) return deliveries.map(() => sessionOver);
      const bodies = deliveries.map(textOf);
      const request = usersRequest(caller.settings.apiVersion, terms, deliveries, session);
      const maySend = () => options.maySend(deliveries);
      const answer = await audienceCall(options, caller, { ...request, maySend }, rows, signal);
      if (answer.kind !== 'answered') return deliveries.map((delivery) => ofDelivery(answer, delivery));
      // Meta has read all of it. After any other answer some may still be on its way out of this process.
      if (Number(own(answer.reply.json, 'num_received')) >= rows) bufferPool.release(request.body);
      const cumulative = session.given && session.sequence > 1;
      return terms.rows === undefined
        ? rowOutcomes(answer.reply, bodies, cumulative)
        : [takenRows(answer.reply, rows, cumulative)];
    },
  };
}

/** An audience that is gone is the fault of an event that still names it; one of the mapping waits for a person. */
function ofDelivery(refused: Refused, { fromEvent }: Delivery): Outcome {
  if (refused.kind !== 'blocked' || fromEvent !== true || !isUnknownId(refused.failure.code)) return refused;
  return rejected(faultOfEvent(refused.failure));
}

const sessionFailure: Failure = {
  code: 'SESSION_TOO_OLD',
  field: 'session_id_add',
  message: 'The session of this list began more than 80 minutes ago; Meta ends it after 90 and drops what comes later.',
  fix: 'Send the list again under a new session id, or without one.',
};
const sessionOver: Outcome = rejected(sessionFailure);
