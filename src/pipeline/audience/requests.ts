import {
  type AudienceCell,
  type AudienceKey,
  type AudienceRequestTerms,
  type AudienceRow,
  type AudienceSession,
  audienceKeys,
} from '../../core/audience.ts';
import type { QueuedChange } from './flush-queue.ts';

/** A row on its way: its text as it is sent, and which of the flush's changes it belongs to. */
export interface SentRow<T> {
  readonly of: QueuedChange<T>;
  readonly terms: AudienceRequestTerms;
  readonly batchKey: string;
  /** JSON array of the cells in the order of `terms.schema`. */
  readonly body: string;
  readonly bytes: number;
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
  const rows = changes.flatMap((of) => of.change.rows.map((row) => ({ of, row })));
  if (changes[0]?.change.operation === 'replace') {
    const { first, later } = replacement(rows);
    yield wholeRequest(audienceId, first);
    for (const group of groupsOf(audienceId, later)) yield* portions(group, limits);
  } else if (session !== undefined) yield wholeRequest(audienceId, rows, session);
  else for (const group of groupsOf(audienceId, rows)) yield* portions(group, limits);
}

interface RowOf<T> {
  readonly of: QueuedChange<T>;
  readonly row: AudienceRow;
}

/**
 * Meta wants the same columns throughout a replacement, and takes no row with a blank external id: people without one
 * are added to those who have replaced the others.
 */
function replacement<T>(rows: readonly RowOf<T>[]): {
  readonly first: readonly RowOf<T>[];
  readonly later: readonly RowOf<T>[];
} {
  const first = rows.filter(({ row }) => row.EXTERN_ID !== undefined);
  return first.length === 0
    ? { first: rows, later: [] }
    : { first, later: rows.filter(({ row }) => row.EXTERN_ID === undefined) };
}

interface Group<T> {
  readonly batchKey: string;
  readonly terms: AudienceRequestTerms;
  readonly rows: RowOf<T>[];
}

/** Rows that may share requests, removals first. The rows' texts are made when their request is. */
function groupsOf<T>(audienceId: string, rows: readonly RowOf<T>[]): Iterable<Group<T>> {
  const groups = new Map<string, Group<T>>();
  for (const operation of ['remove', 'add'] as const) {
    for (const { of, row } of rows) {
      if ((of.change.operation === 'remove') !== (operation === 'remove')) continue;
      const { destination, settings } = of;
      const schema = audienceKeys.filter((key) => row[key] !== undefined);
      const key = [operation, schema.join(), destination, JSON.stringify(settings)].join('\n');
      let group = groups.get(key);
      if (group === undefined) {
        group = { batchKey: key, terms: { audienceId, operation, schema, settings }, rows: [] };
        groups.set(key, group);
      }
      group.rows.push({ of, row });
    }
  }
  return groups.values();
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
    schema: columnsOf(rows.map(({ row }) => row)),
    settings: first.of.settings,
    ...(session !== undefined && { session: { ...session, rows: rows.length } }),
  };
  const batchKey = session === undefined ? terms.operation : `session\n${session.id}\n${session.sequence}`;
  return rows.map(({ of, row }) => sentRow(of, row, { batchKey, terms }));
}

/** The columns that any of the rows has, in their order. */
function columnsOf(rows: readonly AudienceRow[]): readonly AudienceKey[] {
  return audienceKeys.filter((key) => rows.some((row) => row[key] !== undefined));
}

function sentRow<T>(
  of: QueuedChange<T>,
  row: AudienceRow,
  { batchKey, terms }: Pick<SentRow<T>, 'batchKey' | 'terms'>,
): SentRow<T> {
  const cells: AudienceCell[] = terms.schema.map((key) => row[key] ?? '');
  const body = JSON.stringify(cells);
  return { of, terms, batchKey, body, bytes: Buffer.byteLength(body) };
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
