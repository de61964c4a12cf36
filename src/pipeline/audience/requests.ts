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
 * session are one request, whose columns are all that any of its rows has.
 */
export function* requestsOf<T>(
  audienceId: string,
  changes: readonly QueuedChange<T>[],
  limits: RequestLimits,
  session?: AudienceSession,
): Generator<readonly SentRow<T>[], void, undefined> {
  if (session !== undefined) {
    yield sessionRequest(audienceId, changes, session);
    return;
  }
  for (const group of groupsOf(audienceId, changes)) yield* portions(group, limits);
}

interface Group<T> {
  readonly batchKey: string;
  readonly terms: AudienceRequestTerms;
  readonly rows: { readonly of: QueuedChange<T>; readonly row: AudienceRow }[];
}

/** Rows that may share requests, removals first. The rows' texts are made when their request is. */
function groupsOf<T>(audienceId: string, changes: readonly QueuedChange<T>[]): Iterable<Group<T>> {
  const groups = new Map<string, Group<T>>();
  for (const operation of ['remove', 'add'] as const) {
    for (const of of changes) {
      if (of.change.operation !== operation) continue;
      const { destination, settings } = of;
      for (const row of of.change.rows) {
        const schema = columnsOf([row]);
        const key = [operation, schema.join(), destination, JSON.stringify(settings)].join('\n');
        let group = groups.get(key);
        if (group === undefined) {
          group = { batchKey: key, terms: { audienceId, operation, schema, settings }, rows: [] };
          groups.set(key, group);
        }
        group.rows.push({ of, row });
      }
    }
  }
  return groups.values();
}

function sessionRequest<T>(
  audienceId: string,
  changes: readonly QueuedChange<T>[],
  session: AudienceSession,
): readonly SentRow<T>[] {
  const [first] = changes;
  if (first === undefined) return [];
  const rows = changes.flatMap(({ change }) => change.rows);
  const terms: AudienceRequestTerms = {
    audienceId,
    operation: first.change.operation,
    schema: columnsOf(rows),
    settings: first.settings,
    session: { ...session, rows: rows.length },
  };
  const batchKey = `session\n${session.id}\n${session.sequence}`;
  return changes.flatMap((queued) => queued.change.rows.map((row) => sentRow(queued, row, { batchKey, terms })));
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
  const room = limits.maxBytes - envelopeBytes;
  let current: SentRow<T>[] = [];
  let bytes = 0;
  for (const { of, row } of group.rows) {
    const sent = sentRow(of, row, group);
    if (current.length > 0 && (current.length >= limits.maxRows || bytes + sent.bytes + 1 > room)) {
      yield current;
      current = [];
      bytes = 0;
    }
    current.push(sent);
    bytes += sent.bytes + 1;
  }
  if (current.length > 0) yield current;
}
