import type { AudienceRequestTerms, AudienceSession } from '../../core/audience.ts';
import type { EncodedBody } from '../../core/encoded-body.ts';
import { type EncodedRow, schemaWith, withColumns } from '../../core/encoded-change.ts';
import type { QueuedChange } from './flush-queue.ts';

/** A row on its way, with the columns of `terms.schema`, and which of the flush's changes it belongs to. */
export interface SentRow<T> extends EncodedBody {
  readonly of: QueuedChange<T>;
  readonly terms: AudienceRequestTerms;
  readonly batchKey: string;
}

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
export function* requestsOf<T>(
  audienceId: string,
  changes: readonly QueuedChange<T>[],
  limits: RequestLimits,
  session?: AudienceSession,
): Generator<readonly SentRow<T>[], void, undefined> {
  const rows: RowOf<T>[] = [];
  for (const of of changes) for (const row of of.change.rows) rows.push({ of, row });
  if (changes[0]?.change.operation === 'replace') {
    const { first, later } = replacement(rows);
    yield wholeRequest(audienceId, first);
    for (const group of groupsOf(audienceId, later)) yield* portions(group, limits);
  } else if (session !== undefined) yield wholeRequest(audienceId, rows, session);
  else for (const group of groupsOf(audienceId, rows)) yield* portions(group, limits);
}

interface RowOf<T> {
  readonly of: QueuedChange<T>;
  readonly row: EncodedRow;
}

/**
 * Meta wants the same columns throughout a replacement, and takes no row with a blank external id: people without one
 * are added to those who have replaced the others.
 */
function replacement<T>(rows: readonly RowOf<T>[]): {
  readonly first: readonly RowOf<T>[];
  readonly later: readonly RowOf<T>[];
} {
  const first = rows.filter(({ row }) => row.schema.includes('EXTERN_ID'));
  return first.length === 0
    ? { first: rows, later: [] }
    : { first, later: rows.filter(({ row }) => !row.schema.includes('EXTERN_ID')) };
}

interface Group<T> {
  readonly batchKey: string;
  readonly terms: AudienceRequestTerms;
  readonly rows: RowOf<T>[];
}

/** Rows that may share requests, removals first. Mostly a row may share those of the row before, which is cheap to tell. */
function groupsOf<T>(audienceId: string, rows: readonly RowOf<T>[]): Iterable<Group<T>> {
  const groups = new Map<string, Group<T>>();
  for (const operation of ['remove', 'add'] as const) {
    let last: RowOf<T> | undefined;
    let group: Group<T> | undefined;
    for (const rowOf of rows) {
      const { of, row } = rowOf;
      if ((of.change.operation === 'remove') !== (operation === 'remove')) continue;
      if (group === undefined || last === undefined || !isAlike(last, rowOf)) {
        const { destination, settings } = of;
        const { schema } = row;
        const key = [operation, schema.join(), destination, JSON.stringify(settings)].join('\n');
        group = groups.get(key) ?? { batchKey: key, terms: { audienceId, operation, schema, settings }, rows: [] };
        groups.set(key, group);
      }
      group.rows.push(rowOf);
      last = rowOf;
    }
  }
  return groups.values();
}

function isAlike<T>(left: RowOf<T>, right: RowOf<T>): boolean {
  return (
    left.row.schema === right.row.schema &&
    left.of.settings === right.of.settings &&
    left.of.destination === right.of.destination
  );
}

function wholeRequest<T>(
  audienceId: string,
  rows: readonly RowOf<T>[],
  session?: AudienceSession,
): readonly SentRow<T>[] {
  const [first] = rows;
  if (first === undefined) return [];
  const terms: AudienceRequestTerms = {
    audienceId,
    operation: first.of.change.operation,
    schema: schemaWith(rows.flatMap(({ row }) => row.schema)),
    settings: first.of.settings,
    ...(session !== undefined && { session: { ...session, rows: rows.length } }),
  };
  const batchKey = session === undefined ? terms.operation : `session\n${session.id}\n${session.sequence}`;
  return rows.map(({ of, row }) => sentRow(of, row, { batchKey, terms }));
}

function sentRow<T>(
  of: QueuedChange<T>,
  row: EncodedRow,
  { batchKey, terms }: Pick<SentRow<T>, 'batchKey' | 'terms'>,
): SentRow<T> {
  const { body, at = 0, bytes } = withColumns(row, terms.schema);
  return { of, terms, batchKey, body, at, bytes };
}

function* portions<T>(group: Group<T>, limits: RequestLimits): Generator<readonly SentRow<T>[], void, undefined> {
  const maxBytes = limits.maxBytes - envelopeBytes;
  let current: SentRow<T>[] = [];
  let bytes = 0;
  for (const { of, row } of group.rows) {
    const sent = sentRow(of, row, group);
    if (current.length > 0 && (current.length >= limits.maxRows || bytes + sent.bytes + 1 > maxBytes)) {
      yield current;
      current = [];
      bytes = 0;
    }
    current.push(sent);
    bytes += sent.bytes + 1;
  }
  if (current.length > 0) yield current;
}
