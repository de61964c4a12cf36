import type { AudienceRequestTerms, AudienceSession } from '../../core/audience.ts';
import { bufferPool } from '../../core/buffer-pool.ts';
import type { Delivery, Sink } from '../../core/delivery.ts';
import { ConnectorError } from '../../core/errors.ts';
import { own } from '../../core/json.ts';
import { type Outcome, rejected } from '../../core/outcome.ts';
import type { Random } from '../../core/ports.ts';
import { tellSent } from '../tell-sent.ts';
import { type AudienceCallOptions, audienceCall, type Caller, type Refused } from './audience-call.ts';
import { createGivenSessions, type GivenSessions, isSessionRefused, sessionRefused } from './given-sessions.ts';
import { faultOfEvent, isUnknownId } from './unknown-id.ts';
import { rowOutcomes, takenRows } from './users-answer.ts';
import { freshSession, maxRowsPerRequest, usersRequest } from './users-request.ts';

export interface UsersSinkOptions extends AudienceCallOptions {
  /** The newest of that name: rows of several destinations may go to one audience, each with its own token. */
  callerOf(destination: string): Caller | undefined;
  readonly random: Random;
  /** Of all audiences together; absent: of this one. */
  readonly givenSessions?: GivenSessions;
  /** Asked in the tick in which these rows are given to a socket. False: they are not sent. */
  maySend(deliveries: readonly Delivery[]): boolean;
}

/**
 * Sends rows of one audience: one call is one request of at most 10,000 rows with one batch key. The outcome of each
 * row is its own, since Meta takes the valid rows of a request with invalid ones; a replacement is one delivery.
 */
export function usersSink(options: UsersSinkOptions): Sink {
  const { callerOf, clock, random, telemetry } = options;
  const warned = new Set<string>();
  const givenSessions = options.givenSessions ?? createGivenSessions(clock);

  /** Given by the user; a part of it that is sent again gets one of its own, and so do all others. */
  function givenSession({ session }: AudienceRequestTerms, rows: number): AudienceSession | undefined {
    return session?.rows === rows ? session : undefined;
  }

  function warnOnce(destination: string): void {
    if (warned.has(destination)) return;
    warned.add(destination);
    const message =
      `destination ${destination}: lists come with the id of a session that has had its last list; they are sent in ` +
      'sessions of our own. Number each session anew or leave the ids out; "sessions": "as-given" in the mapping keeps them';
    telemetry.emit({ kind: 'warning', code: 'SESSION_FINISHED', message });
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
      const given = givenSession(terms, rows);
      const scope = caller.settings.adAccountId ?? first.destination;
      const state = given === undefined ? 'open' : givenSessions.state(given, scope, terms.operation);
      if (typeof state !== 'string') return deliveries.map(() => rejected(state));
      const send = async (session: AudienceSession) => {
        const request = usersRequest(caller.settings.apiVersion, terms, deliveries, session);
        const maySend = () => {
          const allowed = options.maySend(deliveries);
          if (allowed) tellSent(deliveries, telemetry);
          return allowed;
        };
        const answer = await audienceCall(options, caller, { ...request, maySend }, rows, signal);
        return { session, request, answer };
      };
      // A batch of a replacement in another session would replace what the ones before have brought.
      const replaces = terms.operation === 'replace';
      const renews = given !== undefined && given.asGiven !== true && !replaces;
      let sent = await send(given === undefined || (state === 'finished' && renews) ? freshSession(random) : given);
      if (sent.session === given && sent.answer.kind !== 'answered' && isSessionRefused(sent.answer)) {
        const { failure } = sent.answer;
        if (renews) sent = await send(freshSession(random));
        else if (!replaces) return deliveries.map(() => rejected(sessionRefused(failure)));
      }
      if (renews && sent.session !== given) warnOnce(first.destination);
      const { session, request, answer } = sent;
      if (answer.kind !== 'answered') return deliveries.map((delivery) => ofDelivery(answer, delivery));
      if (session === given) givenSessions.taken(session, scope);
      // Meta has read all of it. After any other answer some may still be on its way out of this process.
      if (Number(own(answer.reply.json, 'num_received')) >= rows) bufferPool.release(request.body);
      const cumulative = session === given && session.sequence > 1;
      return terms.rows === undefined
        ? rowOutcomes(answer.reply, deliveries, cumulative)
        : [takenRows(answer.reply, rows, cumulative)];
    },
  };
}

/** An audience that is gone is the fault of an event that still names it; one of the mapping waits for a person. */
function ofDelivery(refused: Refused, { fromEvent }: Delivery): Outcome {
  if (refused.kind !== 'blocked' || fromEvent !== true || !isUnknownId(refused.failure.code)) return refused;
  return rejected(faultOfEvent(refused.failure));
}
