import { createHash } from 'node:crypto';
import type { AudienceCell, AudienceKey, AudienceRow, AudienceUpdate } from '../core/audience.ts';
import { encodedChange } from '../core/encoded-change.ts';
import { audienceLaneName } from '../core/lane-name.ts';
import { type Failure, isAmbiguous } from '../core/outcome.ts';
import type { Clock, Random, Telemetry } from '../core/ports.ts';
import type { Destination } from '../core/subscription.ts';
import { type Answered, audienceCall } from '../meta/audiences/audience-call.ts';
import { audienceDirectory } from '../meta/audiences/directory.ts';
import { nothingCounted, takenRows } from '../meta/audiences/users-answer.ts';
import { freshSession, usersRequest } from '../meta/audiences/users-request.ts';
import type { GraphClient } from '../meta/graph-client.ts';
import { bareRow, requestsOf } from '../pipeline/audience/requests.ts';
import { type SentRequest, shownAnswer } from './test-event.ts';

export interface TestUserOptions {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  /** Unguessable, so that the invented user is nobody. */
  readonly secret: string;
}

/** An audience in which somebody who doesn't exist joined and left. */
export interface TestUserResult {
  readonly audienceId?: string;
  /** The audience could not be found. */
  readonly failure?: Failure;
  /** In their order: joining, and leaving wherever joining may have worked. */
  readonly requests: readonly SentRequest[];
}

/**
 * Adds an invented user with the columns of a change to its audience, and takes them out again. Nobody real is touched,
 * since taking out the person of the event could take out one who was in; an audience that isn't there is not made.
 */
export async function sendTestUser(
  options: TestUserOptions,
  destination: Destination,
  { target, settings, changes }: AudienceUpdate,
): Promise<TestUserResult> {
  const { client, clock, random, telemetry, secret } = options;
  const [row] = changes.flatMap((change) => change.rows);
  if (row === undefined) return { requests: [] };
  const call = { client, lane: audienceLaneName('test'), clock, telemetry };
  const { signal } = new AbortController();
  const wanted = target.kind === 'id' ? target : withoutCreation(target);
  const found = await audienceDirectory(call).find(destination, wanted, signal);
  if (found.kind !== 'found') return { failure: found.failure, requests: [] };

  const change = { user: secret, identifiers: [], rows: [inventedRow(row, secret)] };
  const send = async (operation: 'add' | 'remove'): Promise<SentRequest & { readonly mayBeIn: boolean }> => {
    const queued = { ...encodedChange({ ...change, operation }), settings, destination: destination.name };
    const [rows = []] = requestsOf(found.id, [queued], destination.settings.batch, bareRow);
    const terms = rows[0]?.terms;
    if (terms === undefined) throw new Error('a change without a request');
    const request = usersRequest(destination.settings.apiVersion, terms, rows, freshSession(random));
    const answered = await audienceCall(call, destination, request, 1, signal);
    return { request, ...endOf(answered), mayBeIn: answered.kind === 'answered' || isAmbiguous(answered) };
  };

  const { mayBeIn, ...added } = await send('add');
  if (!mayBeIn) return { audienceId: found.id, requests: [added] };
  const { mayBeIn: _, ...removed } = await send('remove');
  return { audienceId: found.id, requests: [added, removed] };
}

function endOf(answered: Answered): Omit<SentRequest, 'request'> {
  if (answered.kind !== 'answered') {
    const { meta } = answered.failure;
    const answer = meta === undefined ? {} : { answer: { status: meta.status, ...traceOf(meta.fbtraceId) } };
    return { ...answer, failure: answered.failure };
  }
  const answer = shownAnswer(answered.reply);
  const taken = takenRows(answered.reply, 1, nothingCounted);
  const failure = taken.kind === 'delivered' ? [...(taken.rows?.named.values() ?? [])][0] : taken.failure;
  return { ...(answer !== undefined && { answer }), ...(failure !== undefined && { failure }) };
}

function traceOf(traceId: string | undefined) {
  return traceId === undefined ? {} : { traceId };
}

function withoutCreation(target: Extract<AudienceUpdate['target'], { kind: 'name' }>) {
  const { create: _, ...wanted } = target;
  return wanted;
}

/** What no person has, in the form of each column. */
function inventedRow(row: AudienceRow, secret: string): AudienceRow {
  const cells = Object.entries(row) as [AudienceKey, AudienceCell][];
  return Object.fromEntries(cells.map(([key, cell]) => [key, inventedCell(key, cell, secret)]));
}

function inventedCell(key: AudienceKey, cell: AudienceCell, secret: string): AudienceCell {
  const hash = createHash('sha256').update(`${secret} ${key}`).digest('hex');
  if (key === 'LOOKALIKE_VALUE' || key.startsWith('DATA_PROCESSING_OPTIONS')) return cell;
  if (key === 'EXTERN_ID') return `meta-actions-test-${hash.slice(0, 16)}`;
  if (key === 'PAGEUID' || key === 'APPUID') return String(BigInt(`0x${hash.slice(0, 12)}`));
  if (key === 'MADID') return hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return hash;
}
