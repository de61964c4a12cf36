import { memberKey } from './member-keys.ts';
import type { Column } from './user-schema.ts';

/** The rows of a request after each was judged. An invalid row never fails the request (Meta: Custom audiences). */
export interface JudgedRows {
  /** The keys of each valid row. */
  readonly users: readonly (readonly string[])[];
  readonly invalid: number;
  /** The JSON text of a row, and what is wrong with it; equal rows are one. */
  readonly samples: Readonly<Record<string, string>>;
}

const maxSamples = 100;
const sha256Hex = /^[0-9a-f]{64}$/;

/** `refused`: values that make a row invalid, with the reason, for tests. */
export function judgeRows(
  rows: readonly (readonly unknown[])[],
  columns: readonly Column[],
  refused: ReadonlyMap<string, string>,
): JudgedRows {
  const users: (readonly string[])[] = [];
  const samples = new Map<string, string>();
  for (const row of rows) {
    const judged = refusal(row, refused) ?? rowKeys(row, columns);
    if (typeof judged !== 'string') users.push(judged);
    else if (samples.size < maxSamples) samples.set(JSON.stringify(row), judged);
  }
  return { users, invalid: rows.length - users.length, samples: Object.fromEntries(samples) };
}

function refusal(row: readonly unknown[], refused: ReadonlyMap<string, string>): string | undefined {
  if (refused.size === 0) return undefined;
  const value = row.find((cell) => typeof cell === 'string' && refused.has(cell));
  return value === undefined ? undefined : refused.get(String(value));
}

/** The keys of the row's user, or why the row is invalid. */
function rowKeys(row: readonly unknown[], columns: readonly Column[]): readonly string[] | string {
  const keys: string[] = [];
  const others: string[] = [];
  for (let place = 0; place < columns.length; place += 1) {
    const column = columns[place];
    const cell = row[place];
    if (column === undefined) continue;
    const reason = cellError(column, cell);
    if (reason !== undefined) return reason;
    if (typeof cell !== 'string' || cell === '') continue;
    if (column.key !== undefined) keys.push(memberKey(column.key, cell));
    else if (column.kind === 'hashed') others.push(`${column.name}:${cell}`);
  }
  if (keys.length > 0) return keys;
  return others.length > 0 ? [memberKey('COMBINATION', others.sort().join(','))] : 'empty row';
}

function cellError({ kind }: Column, cell: unknown): string | undefined {
  switch (kind) {
    case 'external_id':
      return cell === '' ? 'empty external ID' : undefined;
    case 'hashed':
      return cell === '' || sha256Hex.test(String(cell)) ? undefined : 'invalid hash format';
    case 'value':
      return isNumber(cell) && Number(cell) >= 0 ? undefined : 'invalid lookalike value';
    case 'options':
      return isOptions(cell) ? undefined : 'invalid data processing options';
    case 'options_country':
      return isOneOf(cell, [0, 1]) ? undefined : 'invalid data processing country';
    case 'options_state':
      return isOneOf(cell, [0, 1000]) ? undefined : 'invalid data processing state';
    default:
      return undefined;
  }
}

function isNumber(cell: unknown): boolean {
  return typeof cell === 'number' || (typeof cell === 'string' && /^\d+(\.\d+)?$/.test(cell));
}

/** `[]` or `["LDU"]`. */
function isOptions(cell: unknown): boolean {
  if (cell === '') return true;
  return Array.isArray(cell) && (cell.length === 0 || (cell.length === 1 && cell[0] === 'LDU'));
}

/** Limited data use of audiences knows California alone: country 1, state 1000; 0 asks Meta to find out. */
function isOneOf(cell: unknown, allowed: readonly number[]): boolean {
  return cell === '' || (isNumber(cell) && allowed.includes(Number(cell)));
}
