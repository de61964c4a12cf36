import type { AudienceRequestTerms, AudienceSession, MembershipChange } from '../../core/audience.ts';
import type { Delivery, Sending } from '../../core/delivery.ts';
import type { EncodedBody } from '../../core/encoded-body.ts';
import { type EncodedRow, schemaWith, withColumns } from '../../core/encoded-change.ts';
import type { QueuedChange } from './flush-queue.ts';

/** What is sent of a row. */
export type RowForm<Q, R extends EncodedBody> = (
  change: Q,
  /** With the columns of `terms.schema`. */
  row: EncodedRow,
  /** As `Delivery.batchKey`. */
  batchKey: string,
  terms: AudienceRequestTerms,
) => R;

/** A row on its way. */
export interface SentRow<Q> extends Delivery {
  readonly terms: AudienceRequestTerms;
  /** What it is a row of. */
  readonly change: Q & Sending;
}

/** A row and what its request needs, for who has no lane to send it in. */
export interface BareRow extends EncodedBody {
  readonly terms: AudienceRequestTerms;
}

export const bareRow: RowForm<unknown, BareRow> = (_change, { body, at = 0, bytes }, _batchKey, terms) => {
  return { body, at, bytes, terms };
};

export interface RequestLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

/** What stands around the rows in a request, at most. */
const envelopeBytes = 2_000;

/**
 * The requests that a flush is sent in, one after another: removals first, then additions; rows with the same columns
 * and settings together, since one blank cell can spoil a row; at most so many rows and bytes each. Changes with a
 * session are one request, whose columns are all that any of its rows has, and so is a replacement.
 */
export function* requestsOf<Q extends QueuedChange, R extends EncodedBody>(
  audienceId: string,
  changes: readonly Q[],
  limits: RequestLimits,
  formOf: RowForm<Q, R>,
  session?: AudienceSession,
): Generator<readonly R[], void, undefined> {
  if (changes[0]?.operation === 'replace') {
    const { first, later } = replacement([...rowsOf(changes)]);
    yield wholeRequest(audienceId, first, formOf);
    for (const rows of groupsOf(audienceId, later, formOf)) yield* portions(rows, limits);
  } else if (session !== undefined) yield wholeRequest(audienceId, [...rowsOf(changes)], formOf, session);
  else for (const rows of groupsOf(audienceId, rowsOf(changes), formOf)) yield* portions(rows, limits);
}

interface RowOf<Q> {
  readonly change: Q;
  readonly row: EncodedRow;
}

function* rowsOf<Q extends QueuedChange>(changes: readonly Q[]): Generator<RowOf<Q>, void, undefined> {
  for (const change of changes) for (const row of change.rows) yield { change, row };
}

/**
 * Meta wants the same columns throughout a replacement, and takes no row with a blank external id: people without one
 * are added to those who have replaced the others.
 */
function replacement<Q>(rows: readonly RowOf<Q>[]): {
  readonly first: readonly RowOf<Q>[];
  readonly later: readonly RowOf<Q>[];
} {
  const first = rows.filter(({ row }) => row.schema.includes('EXTERN_ID'));
  return first.length === 0
    ? { first: rows, later: [] }
    : { first, later: rows.filter(({ row }) => !row.schema.includes('EXTERN_ID')) };
}

/** Rows that may share requests. */
interface Group<R> {
  readonly operation: MembershipChange;
  readonly batchKey: string;
  readonly terms: AudienceRequestTerms;
  readonly rows: R[];
}

/** By what may share requests, removals first. Mostly a row may share those of the one before that does the same, which is cheap to tell. */
function groupsOf<Q extends QueuedChange, R extends EncodedBody>(
  audienceId: string,
  rows: Iterable<RowOf<Q>>,
  formOf: RowForm<Q, R>,
): readonly (readonly R[])[] {
  const groups = new Map<string, Group<R>>();
  const last: Partial<Record<MembershipChange, { readonly of: RowOf<Q>; readonly group: Group<R> }>> = {};
  for (const of of rows) {
    const operation = of.change.operation === 'remove' ? 'remove' : 'add';
    const before = last[operation];
    let group = before !== undefined && isAlike(before.of, of) ? before.group : undefined;
    if (group === undefined) {
      group = groupOf(groups, audienceId, operation, of);
      last[operation] = { of, group };
    }
    group.rows.push(formOf(of.change, of.row, group.batchKey, group.terms));
  }
  const all = [...groups.values()];
  return (['remove', 'add'] as const).flatMap((operation) =>
    all.filter((group) => group.operation === operation).map(({ rows: ofGroup }) => ofGroup),
  );
}

function isAlike<Q extends QueuedChange>(left: RowOf<Q>, right: RowOf<Q>): boolean {
  return (
    left.row.schema === right.row.schema &&
    left.change.settings === right.change.settings &&
    left.change.destination === right.change.destination
  );
}

function groupOf<Q extends QueuedChange, R>(
  groups: Map<string, Group<R>>,
  audienceId: string,
  operation: MembershipChange,
  { change: { destination, settings }, row: { schema } }: RowOf<Q>,
): Group<R> {
  const batchKey = [operation, schema.join(), destination, JSON.stringify(settings)].join('\n');
  const known = groups.get(batchKey);
  if (known !== undefined) return known;
  const group = { operation, batchKey, terms: { audienceId, operation, schema, settings }, rows: [] };
  groups.set(batchKey, group);
  return group;
}

function wholeRequest<Q extends QueuedChange, R extends EncodedBody>(
  audienceId: string,
  rows: readonly RowOf<Q>[],
  formOf: RowForm<Q, R>,
  session?: AudienceSession,
): readonly R[] {
  const [first] = rows;
  if (first === undefined) return [];
  const terms: AudienceRequestTerms = {
    audienceId,
    operation: first.change.operation,
    schema: schemaWith(rows.flatMap(({ row }) => row.schema)),
    settings: first.change.settings,
    ...(session !== undefined && { session: { ...session, rows: rows.length } }),
  };
  const batchKey = session === undefined ? terms.operation : `session\n${session.id}\n${session.sequence}`;
  return rows.map(({ change, row }) => formOf(change, withColumns(row, terms.schema), batchKey, terms));
}

function* portions<R extends EncodedBody>(
  rows: readonly R[],
  limits: RequestLimits,
): Generator<readonly R[], void, undefined> {
  const maxBytes = limits.maxBytes - envelopeBytes;
  let from = 0;
  let bytes = 0;
  for (const [at, row] of rows.entries()) {
    if (at > from && (at - from >= limits.maxRows || bytes + row.bytes + 1 > maxBytes)) {
      yield rows.slice(from, at);
      from = at;
      bytes = 0;
    }
    bytes += row.bytes + 1;
  }
  if (from < rows.length) yield rows.slice(from);
}
