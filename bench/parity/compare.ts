import { isObject, own } from '../../src/core/json.ts';
import type { Outcome } from './outcome.ts';

/** One thing that is not the same. */
export interface Difference {
  /** A member of what is sent (`custom_data.value`, `row.EMAIL`), `request`, or `outcome`. */
  readonly path: string;
  readonly theirs: unknown;
  readonly ours: unknown;
}

/** Everything in which what they would send is not what we would. Two that send nothing are the same. */
export function differences(theirs: Outcome, ours: Outcome): readonly Difference[] {
  if (theirs.kind !== 'sent' || ours.kind !== 'sent') {
    const isSame = theirs.kind !== 'sent' && ours.kind !== 'sent';
    return isSame ? [] : [{ path: 'outcome', theirs: outcomeText(theirs), ours: outcomeText(ours) }];
  }
  const request = ({ method, path }: typeof theirs) => `${method} ${path.replace(/^\/v\d+\.\d+/, '')}`;
  const found: Difference[] = [];
  if (request(theirs) !== request(ours)) found.push({ path: 'request', theirs: request(theirs), ours: request(ours) });
  const [left, right] = [leavesOf(theirs.body), leavesOf(ours.body)];
  for (const path of new Set([...left.keys(), ...right.keys()])) {
    if (left.get(path) !== right.get(path)) found.push({ path, theirs: left.get(path), ours: right.get(path) });
  }
  return found;
}

function outcomeText(outcome: Outcome): string {
  return outcome.kind === 'sent' ? 'sent' : `${outcome.kind}: ${outcome.why}`;
}

/** The values of a request by their paths; one event or one row is expected. */
function leavesOf(body: unknown): ReadonlyMap<string, unknown> {
  const leaves = new Map<string, unknown>();
  const data = own(body, 'data');
  const payload = own(body, 'payload');
  if (isObject(payload)) {
    const rows = payload['data'];
    const schema = payload['schema'];
    for (const row of Array.isArray(rows) ? (rows as unknown[]) : []) addRow(row, schema, leaves);
    for (const [key, value] of Object.entries(payload)) if (key !== 'data' && key !== 'schema') add(value, key, leaves);
  } else add(Array.isArray(data) ? data[0] : body, '', leaves);
  return leaves;
}

/** The columns that a person has: blank ones are those that they haven't. */
function addRow(row: unknown, schema: unknown, leaves: Map<string, unknown>): void {
  if (!Array.isArray(row) || !Array.isArray(schema)) return;
  for (const [index, cell] of row.entries()) if (cell !== '') add(cell, `row.${String(schema[index])}`, leaves);
}

function add(value: unknown, path: string, leaves: Map<string, unknown>): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    // An identifier alone is the same as a list of it.
    if (value.length === 1 && path.startsWith('user_data.')) add(value[0], path, leaves);
    else for (const [index, item] of value.entries()) add(item, `${path}[${index}]`, leaves);
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) add(member, path === '' ? key : `${path}.${key}`, leaves);
  } else leaves.set(path, value);
}
