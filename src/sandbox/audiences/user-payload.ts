import { isObject, type JsonObject, own } from '../../core/json.ts';
import { tooManyRows, valueRequired } from './audience-errors.ts';
import { type Refused, refused } from '../graph/edge.ts';
import { type GraphCall, parameter } from '../graph/graph-call.ts';
import { missingParameter, requestError } from '../graph/graph-errors.ts';
import { type Column, readSchema, type UserSchema } from './user-schema.ts';

/** `payload` of a call about users, its shape checked; the values in it are judged row by row (see user-rows.ts). */
export interface UserPayload {
  readonly kind: 'payload';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly unknown[])[];
  /** Bare values instead of rows. */
  readonly flat: boolean;
}

/** Meta: Custom audience users. */
const maxRows = 10_000;

/** `needsValue`: rows for a value-based audience. */
export function readPayload(call: GraphCall, needsValue: boolean): UserPayload | Refused {
  if (call.unreadable !== undefined) return refused(requestError(call.unreadable));
  const payload = parameter(call, 'payload');
  if (payload === undefined || payload === '') return refused(missingParameter('payload'));
  if (!isObject(payload)) return refused(requestError('The parameter payload must be a JSON object'));
  const schema = readSchema(own(payload, 'schema'), isTrue(own(payload, 'is_raw')));
  if (schema === undefined) return refused(requestError('The parameter payload[schema] is not a known schema'));
  const scopeError = idScopeError(payload, schema.columns);
  if (scopeError !== undefined) return refused(requestError(scopeError));
  if (needsValue && !schema.columns.some(({ kind }) => kind === 'value')) return refused(valueRequired());
  return readData(own(payload, 'data'), schema);
}

/** Ids that only mean something within an app or a page need the app or the page. */
function idScopeError(payload: JsonObject, columns: readonly Column[]): string | undefined {
  const has = (name: string) => columns.some((column) => column.name === name);
  const pages = listLength(payload, 'page_ids');
  if (has('PAGEUID') && pages !== 1) return 'PAGEUID requires exactly one page id in page_ids';
  if (!has('APPUID') && !has('UID')) return undefined;
  return pages + listLength(payload, 'app_ids') > 0 ? undefined : 'App-scoped ids require app_ids';
}

function readData(data: unknown, { columns, single }: UserSchema): UserPayload | Refused {
  if (!Array.isArray(data) || data.length === 0) return mismatch();
  if (data.length > maxRows) return refused(tooManyRows());
  const flat = single && data.every((value) => typeof value === 'string');
  const rows: readonly unknown[] = flat ? data.map((value) => [value]) : data;
  return rows.every((row) => fits(row, columns)) ? { kind: 'payload', columns, rows, flat } : mismatch();
}

function mismatch(): Refused {
  return refused(requestError('Data is missing or does not match schema'));
}

/** An unknown value is an empty text; only values and data processing options are anything but text. */
function fits(row: unknown, columns: readonly Column[]): row is readonly unknown[] {
  if (!Array.isArray(row) || row.length !== columns.length) return false;
  return columns.every(({ kind }, place) => {
    const cell: unknown = row[place];
    if (typeof cell === 'string') return true;
    if (kind === 'options') return Array.isArray(cell);
    return typeof cell === 'number' && (kind === 'value' || kind.startsWith('options_'));
  });
}

function listLength(payload: JsonObject, name: string): number {
  const list = own(payload, name);
  return Array.isArray(list) ? list.length : 0;
}

/** Forms have texts where JSON has booleans. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === 'true' || value === '1';
}
