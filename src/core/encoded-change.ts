import {
  type AudienceCell,
  type AudienceChange,
  type AudienceKey,
  type AudienceRow,
  type AudienceUpdate,
  audienceKeys,
} from './audience.ts';
import { bytesOf, type MovableBody, textOf } from './encoded-body.ts';
import { textHash } from './text-hash.ts';

/**
 * A row as it is sent: a JSON array of the cells in the order of `schema`. Tens of thousands wait at once, and the
 * collector's work is by the number of objects: with an object for the row and a text for each cell it was a third of all
 * (docs/decisions/0485-audience-speed.md).
 */
export interface EncodedRow extends MovableBody {
  /** The same list for all rows with these columns, so that rows are told apart by identity. */
  readonly schema: readonly AudienceKey[];
}

/** A change on its way. */
export interface EncodedChange extends Omit<AudienceChange, 'rows' | 'identifiers' | 'entry'> {
  /** `textHash` of each: they are only compared. */
  readonly identifiers: readonly number[];
  readonly rows: readonly EncodedRow[];
  readonly entry?: string | undefined;
}

export interface EncodedUpdate extends Omit<AudienceUpdate, 'changes'> {
  readonly changes: readonly EncodedChange[];
}

/** Everybody of the audience makes way for those of the update. */
export function replaces({ changes }: EncodedUpdate): boolean {
  return changes[0]?.operation === 'replace';
}

export function encodedUpdate({ target, settings, session, changes }: AudienceUpdate): EncodedUpdate {
  const encoded = changes.map(encodedChange);
  return session === undefined
    ? { target, settings, changes: encoded }
    : { target, settings, session, changes: encoded };
}

export function encodedChange({ operation, user, identifiers, rows, entry }: AudienceChange): EncodedChange {
  const hashes = identifiers.map(textHash);
  const encoded = rows.map(encodedRow);
  return entry === undefined
    ? { operation, user, identifiers: hashes, rows: encoded }
    : { operation, user, identifiers: hashes, rows: encoded, entry };
}

function encodedRow(row: AudienceRow): EncodedRow {
  let columns = 0;
  const cells: AudienceCell[] = [];
  let place = 1;
  for (const key of audienceKeys) {
    const cell = row[key];
    if (cell !== undefined) {
      columns |= place;
      cells.push(cell);
    }
    place <<= 1;
  }
  return rowOf(schemaOf(columns), cells);
}

/** The row with exactly these columns: blank where it has none, without those that are not among them. */
export function withColumns(row: EncodedRow, schema: readonly AudienceKey[]): EncodedRow {
  if (row.schema === schema) return row;
  const cells = JSON.parse(textOf(row)) as readonly AudienceCell[];
  return rowOf(
    schema,
    schema.map((key) => cells[row.schema.indexOf(key)] ?? ''),
  );
}

export function withoutColumn(row: EncodedRow, column: AudienceKey): EncodedRow {
  if (!row.schema.includes(column)) return row;
  return withColumns(row, schemaWith(row.schema.filter((key) => key !== column)));
}

function rowOf(schema: readonly AudienceKey[], cells: readonly AudienceCell[]): EncodedRow {
  const body = JSON.stringify(cells);
  return { schema, body, at: 0, bytes: bytesOf(body) };
}

/** Of these columns, in the order in which they are sent. */
export function schemaWith(keys: Iterable<AudienceKey>): readonly AudienceKey[] {
  let columns = 0;
  for (const key of keys) columns |= 1 << audienceKeys.indexOf(key);
  return schemaOf(columns);
}

/** Events choose the columns, so that there could be two million of them. */
const mostSchemas = 1_000;
/** By the columns, a bit for each of `audienceKeys`. */
const schemas = new Map<number, readonly AudienceKey[]>();

function schemaOf(columns: number): readonly AudienceKey[] {
  const known = schemas.get(columns);
  if (known !== undefined) return known;
  if (schemas.size >= mostSchemas) schemas.clear();
  const schema = audienceKeys.filter((_, place) => (columns & (1 << place)) !== 0);
  schemas.set(columns, schema);
  return schema;
}
