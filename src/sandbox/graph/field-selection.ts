import type { JsonObject } from '../../core/json.ts';
import { type Refused, refused } from './edge.ts';
import { type GraphCall, parameter } from './graph-call.ts';
import { requestError } from './graph-errors.ts';

/** The fields that a call asks for, the id always among them. */
export interface FieldSelection {
  readonly kind: 'fields';
  read<T>(node: T, fields: Readonly<Record<string, (node: T) => unknown>>): JsonObject;
}

/** `fields=id,name,delivery_status{code}`: what is in braces is not selected further. */
export function readFields(call: GraphCall, known: object, nodeType: string): FieldSelection | Refused {
  const text = String(parameter(call, 'fields') ?? '').replace(/\{[^{}]*\}/g, '');
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) {
    return refused(requestError(`Tried accessing nonexisting field (${unknown}) on node type (${nodeType})`));
  }
  return { kind: 'fields', read: (node, fields) => pick(node, fields, new Set([...names, 'id'])) };
}

/** A field without a value is left out, as Meta leaves it out. */
function pick<T>(node: T, fields: Readonly<Record<string, (node: T) => unknown>>, names: ReadonlySet<string>) {
  const pairs = [...names].map((name): [string, unknown] => [name, fields[name]?.(node)]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}
