import type { AudienceRequestTerms, AudienceSession } from '../../core/audience.ts';
import { bufferPool } from '../../core/buffer-pool.ts';
import type { Delivery, Sink } from '../../core/delivery.ts';
import { ConnectorError } from '../../core/errors.ts';
import { isAmbiguous, type Outcome, rejected } from '../../core/outcome.ts';
import type { Random } from '../../core/ports.ts';
import { tellSent } from '../tell-sent.ts';
import { type Answered, type AudienceCallOptions, audienceCall, type Caller, type Refused } from './audience-call.ts';
import { createGivenSessions, type GivenSessions, isSessionRefused, sessionRefused } from './given-sessions.ts';
import { faultOfEvent, isUnknownId } from './unknown-id.ts';
import { countsOf, isComplete, nothingCounted, rowOutcomes, type SessionCounts, takenRows } from './users-answer.ts';
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

  /** A batch of a replacement may be sent under another number (`replaceSession`), and is told by what Meta says of it. */
  function countsBefore(given: AudienceSession, { operation }: AudienceRequestTerms, scope: string) {
    if (operation !== 'replace') return givenSessions.counts(given, scope);
    return given.sequence > 1 ? undefined : nothingCounted;
  }

  function note(given: AudienceSession, scope: string, answer: Answered): void {
    if (answer.kind === 'answered') givenSessions.taken(given, scope, countsOf(answer.reply));
    else if (isAmbiguous(answer)) givenSessions.unanswered(given, scope);
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
      const before = given === undefined ? nothingCounted : countsBefore(given, terms, scope);
      // A batch of a replacement in another session would replace what the ones before have brought.
      const replaces = terms.operation === 'replace';
      const renews = given !== undefined && given.asGiven !== true && !replaces;
      let sent = await send(given === undefined || (state === 'finished' && renews) ? freshSession(random) : given);
      let finished = given !== undefined && sent.session !== given;
      if (given !== undefined && sent.session === given) {
        note(given, scope, sent.answer);
        if (sent.answer.kind !== 'answered') {
          if (isSessionRefused(sent.answer) && !renews && !replaces) {
            const { failure } = sent.answer;
            return deliveries.map(() => rejected(sessionRefused(failure)));
          }
          finished = isSessionRefused(sent.answer) && renews;
        }
        if (finished || (renews && isUnclear(sent.answer, rows, before))) sent = await send(freshSession(random));
      }
      if (finished) warnOnce(first.destination);
      const { session, request, answer } = sent;
      if (answer.kind !== 'answered') return deliveries.map((delivery) => ofDelivery(answer, delivery));
      const counted = session === given ? before : nothingCounted;
      // Meta has read all of it. After any other answer some may still be on its way out of this process.
      if (counted === nothingCounted && countsOf(answer.reply).received >= rows) bufferPool.release(request.body);
      return terms.rows === undefined
        ? rowOutcomes(answer.reply, deliveries, counted)
        : [takenRows(answer.reply, rows, counted)];
    },
  };
}

/**
 * Meta counts what it has had in the session, and drops in silence what comes after its end: the same list in a session of
 * our own tells of itself.
 */
function isUnclear(answer: Answered, rows: number, before: SessionCounts | undefined): boolean {
  return answer.kind === 'answered' && (before === undefined || !isComplete(answer.reply, rows, before));
}

/** An audience that is gone is the fault of an event that still names it; one of the mapping waits for a person. */
function ofDelivery(refused: Refused, { fromEvent }: Delivery): Outcome {
  if (refused.kind !== 'blocked' || fromEvent !== true || !isUnknownId(refused.failure.code)) return refused;
  return rejected(faultOfEvent(refused.failure));
}
