import type { AudienceKey, AudienceOperation, AudienceRequestSettings, AudienceRow } from '../core/audience.ts';
import type { Delivery, Sink } from '../core/delivery.ts';
import { ConnectorError } from '../core/errors.ts';
import { type Failure, type FinalOutcome, rejected } from '../core/outcome.ts';
import type { Random } from '../core/ports.ts';
import type { Destination } from '../core/subscription.ts';
import { createGate } from '../delivery/gate.ts';
import { retrying } from '../delivery/retrying.ts';
import type { AudienceCallOptions } from '../meta/audiences/audience-call.ts';
import { replaceSession } from '../meta/audiences/replace-session.ts';
import { freshSession, maxRowsPerRequest } from '../meta/audiences/users-request.ts';
import { usersSink } from '../meta/audiences/users-sink.ts';
import { unheldRecord } from '../pipeline/partition/in-flight-record.ts';
import type { PlannedRows, ReplacePlan, Snapshot } from './plan.ts';
import type { UserFile } from './user-file.ts';

export interface ReplaceOptions {
  readonly call: AudienceCallOptions;
  readonly random: Random;
  readonly destination: Destination;
  readonly audienceId: string;
  readonly request: AudienceRequestSettings;
  readonly file: UserFile;
  readonly snapshot: Snapshot;
  readonly plan: ReplacePlan;
  /** From the first request on; Meta ends a session after 90 minutes, whatever has come. */
  readonly maxMillis: number;
  /** Ends it where it stands. */
  readonly signal: AbortSignal;
  /** Rows that Meta has. */
  progress(sent: number): void;
}

export interface ReplaceResult {
  readonly sessionId: string;
  /** Unix milliseconds; absent: no request was made. */
  readonly startedAt?: number;
  /** Rows that Meta has taken, of the replacement and of the additions behind it. */
  readonly replaced: number;
  readonly added: number;
  /** Rows that it took and found invalid. */
  readonly invalid: number;
  /** Rows of the replacement as Meta counts them. */
  readonly received: number;
  readonly named: readonly NamedRow[];
  /** Why it ended before everything was sent. */
  readonly failure?: Failure;
}

/** A row that Meta names as invalid. */
export interface NamedRow {
  readonly line: number;
  readonly failure: Failure;
}

/** One batch, of rows as they are sent. */
interface Batch {
  readonly bodies: readonly string[];
  readonly lines: readonly number[];
  readonly last: boolean;
}

/** Retries of one batch; then the command says what Meta says. Additions may have to wait for the end of the replacement. */
const retryMillis = { replace: 10 * 60_000, add: 90 * 60_000 };
const maxNamed = 1_000;
const envelopeBytes = 2_000;

/** Replaces an audience by the people of a file, in one session, and adds those behind it who can't be part of that. */
export async function replaceAudience(options: ReplaceOptions): Promise<ReplaceResult> {
  const { call, random, plan, destination } = options;
  const { clock } = call;
  const users = { ...call, callerOf: () => destination, random, maySend: () => true };
  const session = freshSession(random);
  const named: NamedRow[] = [];
  const sent = { replace: 0, add: 0 };
  const invalid = { replace: 0, add: 0 };
  const deadline = new AbortController();
  const replaced = new AbortController();
  let received = 0;
  let startedAt: number | undefined;
  let ended: Failure | undefined;

  async function sendAll(planned: PlannedRows, operation: 'replace' | 'add', sink: Sink, signal: AbortSignal) {
    const send = batchSender(options, sink, retryMillis[operation]);
    let sequence = 0;
    for await (const { bodies, lines, last } of batchesOf(options, planned, operation)) {
      sequence += 1;
      const rows = bodies.length;
      const terms = {
        audienceId: options.audienceId,
        operation,
        schema: planned.schema,
        settings: options.request,
        rows,
        ...(operation === 'replace' && { session: { id: session.id, sequence, last, rows } }),
      };
      startedAt ??= clock.now();
      const outcome = await send(deliveryOf(destination, bodies.join(','), terms), signal);
      if (outcome.kind === 'rejected') return inWords(outcome.failure);
      for (const [at, body] of bodies.entries()) {
        const failure = outcome.rows?.named.get(body);
        if (failure !== undefined && named.length < maxNamed) named.push({ line: lines[at] ?? 0, failure });
      }
      sent[operation] += rows;
      // A replacement's batches are one session, over which Meta counts; each addition is a session of its own.
      if (operation === 'replace') {
        invalid.replace = Math.max(invalid.replace, outcome.rows?.invalid ?? 0);
        received = Math.max(received, outcome.rows?.received ?? sent.replace);
      } else invalid.add += outcome.rows?.invalid ?? 0;
      options.progress(sent.replace + sent.add);
    }
    return undefined;
  }

  try {
    void clock.sleep(options.maxMillis, replaced.signal).then(() => {
      if (!replaced.signal.aborted) deadline.abort();
    });
    const both = AbortSignal.any([options.signal, deadline.signal]);
    try {
      ended = await sendAll(plan.replacing, 'replace', rejectWhenBlocked(replaceSession(users, destination)), both);
    } finally {
      replaced.abort();
    }
    if (ended === undefined && plan.adding.rows > 0) {
      ended = await sendAll(plan.adding, 'add', rejectWhenBlocked(usersSink(users)), options.signal);
    }
  } catch (error) {
    if (deadline.signal.aborted) ended = timeIsUp;
    else if (options.signal.aborted) ended = stopped;
    else if (startedAt !== undefined && error instanceof ConnectorError)
      ended = { code: error.code, message: error.message };
    else throw error;
  }
  return {
    sessionId: session.id,
    replaced: sent.replace,
    added: sent.add,
    invalid: invalid.replace + invalid.add,
    received,
    named,
    ...(startedAt !== undefined && { startedAt }),
    ...(ended !== undefined && { failure: ended }),
  };
}

/** The rows of one kind in batches, which are known to be the last; the file must hold what the plan found. */
async function* batchesOf(
  { file, snapshot, destination }: ReplaceOptions,
  { rows: planned, schema }: PlannedRows,
  operation: AudienceOperation,
): AsyncGenerator<Batch> {
  const { maxRows, maxBytes } = destination.settings.batch;
  const limit = Math.min(maxRows, maxRowsPerRequest);
  const withExternalId = operation === 'replace' && schema.includes('EXTERN_ID');
  let bodies: string[] = [];
  let lines: number[] = [];
  let bytes = envelopeBytes;
  let rows = 0;
  for await (const portion of file.users()) {
    for (const user of portion) {
      const change = 'failure' in user ? user.failure : snapshot(user.person);
      if ('code' in change) continue;
      for (const row of change.rows) {
        if ((row.EXTERN_ID !== undefined) !== withExternalId) continue;
        const body = bodyOf(row, schema);
        const size = Buffer.byteLength(body) + 1;
        if (bodies.length > 0 && (bodies.length >= limit || bytes + size > maxBytes)) {
          yield { bodies, lines, last: false };
          [bodies, lines, bytes] = [[], [], envelopeBytes];
        }
        bodies.push(body);
        lines.push(user.line);
        bytes += size;
        rows += 1;
        if (rows > planned) throw fileChanged(file.path);
      }
    }
  }
  if (rows !== planned) throw fileChanged(file.path);
  yield { bodies, lines, last: true };
}

function bodyOf(row: AudienceRow, schema: readonly AudienceKey[]): string {
  return JSON.stringify(schema.map((key) => row[key] ?? ''));
}

/** Sends one batch, the same one again until Meta has it or a person is needed. */
function batchSender({ call, random }: ReplaceOptions, sink: Sink, maxElapsedMillis: number) {
  const { clock, telemetry, lane } = call;
  const own = createGate({ lane, clock, telemetry });
  const persistent = retrying({
    sink,
    gate: own,
    clock,
    random,
    telemetry,
    lane,
    policy: { maxElapsedMillis },
  });
  return async (batch: Delivery, signal: AbortSignal): Promise<FinalOutcome> => {
    const [outcome] = await persistent.send([batch], signal);
    if (outcome === undefined || outcome.kind === 'split') {
      throw new ConnectorError('OUTCOME_COUNT', 'A sink answered no outcome for a delivery.');
    }
    return outcome;
  };
}

/** What waits for a person ends the command: somebody looks at it. */
function rejectWhenBlocked(sink: Sink): Sink {
  return {
    send: async (deliveries, signal) =>
      (await sink.send(deliveries, signal)).map((outcome) =>
        outcome.kind === 'blocked' ? rejected(outcome.failure) : outcome,
      ),
  };
}

function deliveryOf(destination: Destination, body: string, terms: NonNullable<Delivery['terms']>): Delivery {
  return {
    destination: destination.name,
    subscription: '',
    action: '',
    batchKey: '',
    body,
    bytes: Buffer.byteLength(body),
    terms,
    pending: nothingPending,
  };
}

/** The rows come from no record: nothing is committed when they are sent. */
const nothingPending = unheldRecord({
  topic: '',
  partition: 0,
  offset: 0,
  next: 0,
  timestamp: 0,
  key: null,
  value: null,
  headers: undefined,
});

/** Deliveries of the connector are replayed; this is started again. */
function inWords(failure: Failure): Failure {
  return failure.code === 'RETRIES_EXHAUSTED' ? { ...failure, fix: 'Start again when the trouble is over.' } : failure;
}

function fileChanged(path: string): ConnectorError {
  const message = `The file ${path} was changed while it was sent: start again with a file that nothing writes to.`;
  return new ConnectorError('FILE_CHANGED', message, { path });
}

const timeIsUp: Failure = {
  code: 'REPLACE_TIME_UP',
  message: 'The replacement took too long: Meta ends a session after 90 minutes and drops what comes later.',
  fix: 'Start again with fewer columns or a faster connection, or send the people in events.',
};
const stopped: Failure = { code: 'STOPPED', message: 'The command was stopped.' };
