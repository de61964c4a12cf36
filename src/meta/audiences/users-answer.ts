import { type EncodedBody, textOf } from '../../core/encoded-body.ts';
import { fingerprint } from '../../core/fingerprint.ts';
import { isObject, own } from '../../core/json.ts';
import { type Failure, type Outcome, rejected } from '../../core/outcome.ts';
import { answeredByAnother } from '../classify.ts';
import { traceIdOf } from '../graph-error.ts';
import type { AnsweredReply } from '../graph-reply.ts';
import { recognizedText } from '../recognized-text.ts';

const delivered: Outcome = { kind: 'delivered' };

/** What Meta has counted in a session. */
export interface SessionCounts {
  readonly received: number;
  readonly invalid: number;
}

/** Before the first request of a session. */
export const nothingCounted: SessionCounts = { received: 0, invalid: 0 };

/** With all earlier requests of the session. */
export function countsOf(reply: AnsweredReply): SessionCounts {
  return { received: Number(own(reply.json, 'num_received') ?? Number.NaN), invalid: invalidCount(reply) };
}

/**
 * Whether Meta has all of the rows.
 *
 * @param before What it had counted in the session before them; undefined: perhaps something.
 */
export function isComplete(reply: AnsweredReply, rows: number, before: SessionCounts | undefined): boolean {
  const { received } = countsOf(reply);
  return before === undefined ? received >= rows : received - before.received === rows;
}

/**
 * How each row ended, of a request that Meta took. Invalid rows don't fail a request; Meta shows at most 100 of them
 * (Meta: Custom audience, users). Where it counts more than it shows, rows that aren't shown are to be sent again in
 * halves, which changes nothing for those that it has; one that is alone in its request is the invalid one.
 *
 * @param rows As they were sent.
 * @param before As for `isComplete`.
 */
export function rowOutcomes(
  reply: AnsweredReply,
  rows: readonly EncodedBody[],
  before: SessionCounts | undefined,
): readonly Outcome[] {
  if (!isComplete(reply, rows.length, before)) return rows.map(() => miscounted(reply, rows.length));
  const reasons = sampledReasons(own(reply.json, 'invalid_entry_samples'));
  const invalidRows = invalidCount(reply) - (before?.invalid ?? 0);
  // Mostly all are valid: to look for each text among none would cost more than to send it.
  if (reasons.size === 0 && invalidRows === 0) return rows.map(() => delivered);
  const bodies = rows.map(textOf);
  const shown = bodies.filter((body) => reasons.has(body)).length;
  const hidden = invalidRows > shown;
  return bodies.map((body): Outcome => {
    const reason = reasons.get(body);
    if (reason !== undefined) return invalid(reply, shownReason(reason, body));
    if (!hidden) return delivered;
    return bodies.length === 1 && before !== undefined ? invalid(reply, undefined) : unnamed(reply);
  });
}

/**
 * What became of the rows of one delivery that Meta took.
 *
 * @param sent How many they are.
 * @param before As for `isComplete`.
 */
export function takenRows(reply: AnsweredReply, sent: number, before: SessionCounts | undefined): Outcome {
  if (!isComplete(reply, sent, before)) return miscounted(reply, sent);
  const named = new Map<string, Failure>();
  for (const [body, reason] of sampledReasons(own(reply.json, 'invalid_entry_samples'))) {
    named.set(body, invalidRow(reply, shownReason(reason, body)));
  }
  return { kind: 'delivered', rows: { ...countsOf(reply), named } };
}

/** Each row that Meta shows, in the form in which it was sent. */
function sampledReasons(samples: unknown): ReadonlyMap<string, string> {
  if (!isObject(samples)) return new Map();
  return new Map(Object.entries(samples).map(([row, reason]) => [sentForm(row), String(reason)]));
}

function sentForm(row: string): string {
  try {
    const parsed: unknown = JSON.parse(row);
    return JSON.stringify(Array.isArray(parsed) ? parsed : [parsed]);
  } catch {
    // A single value without brackets and quotes.
    return JSON.stringify([row]);
  }
}

function invalidCount(reply: AnsweredReply): number {
  const count = Number(own(reply.json, 'num_invalid_entries') ?? 0);
  return Number.isFinite(count) ? count : 0;
}

/** What Meta's reasons are made of, as far as they were seen. A reason of other words may hold somebody's data. */
const reasonWords: ReadonlySet<string> = new Set(
  (
    'a an and are be been empty expected external field fields format found for hash hashed id identifier in incorrect is ' +
    'invalid key length lookalike malformed missing must no not of or row schema sha sha256 should the unknown unsupported ' +
    'value wrong email phone madid country zip date birth gender state city name data processing options 256'
  ).split(' '),
);

/** The reason, unless it quotes what was sent; one that isn't recognized is told by its fingerprint. */
function shownReason(reason: string, body: string): string | undefined {
  const cells: unknown = JSON.parse(body);
  const quotes = (Array.isArray(cells) ? cells : []).some(
    (cell) => typeof cell === 'string' && cell !== '' && reason.includes(cell),
  );
  if (quotes) return undefined;
  const words = reason.toLowerCase().split(/[^a-z0-9]+/);
  const recognized = words.every((word) => word === '' || reasonWords.has(word));
  return recognized ? recognizedText(reason) : `reason ${fingerprint(reason)}***`;
}

function invalid(reply: AnsweredReply, reason: string | undefined): Outcome {
  return rejected(invalidRow(reply, reason));
}

function invalidRow(reply: AnsweredReply, reason: string | undefined): Failure {
  return {
    code: 'AUDIENCE_ROW_INVALID',
    message: `Meta took the request, but not this row: ${reason ?? 'it gives no reason'}.`,
    ...(reason !== undefined && { reason }),
    fix: 'Look at what is sent with `meta-actions explain`; most often a value was hashed in another form before.',
    meta: metaOf(reply),
  };
}

function unnamed(reply: AnsweredReply): Outcome {
  const failure: Failure = {
    code: 'AUDIENCE_ROWS_UNNAMED',
    message: 'Meta counts more invalid rows than it names.',
    fix: 'Nothing: the connector sends the rows that are not named again, in smaller requests.',
    meta: metaOf(reply),
  };
  return { kind: 'retryable', failure, ambiguous: false, halve: true };
}

function miscounted(reply: AnsweredReply, sent: number): Outcome {
  const { received } = countsOf(reply);
  const ofAnother = Number.isNaN(received) ? answeredByAnother(reply) : undefined;
  if (ofAnother !== undefined) return ofAnother;
  const failure: Failure = {
    code: 'ROWS_RECEIVED_MISMATCH',
    message: `Meta answered success, but names ${Number.isNaN(received) ? 'no number' : received} of ${sent} rows as received.`,
    fix: 'Nothing: the connector sends them again; a row that Meta has already changes nothing.',
    meta: metaOf(reply),
  };
  return { kind: 'retryable', failure, ambiguous: true, halve: false };
}

function metaOf(reply: AnsweredReply): NonNullable<Failure['meta']> {
  const fbtraceId = traceIdOf(reply);
  return { status: reply.status, ...(fbtraceId === undefined ? {} : { fbtraceId }) };
}
