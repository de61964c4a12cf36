import { eventTypes } from '../core/event.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { printPath } from './print.ts';
import { childrenOf, type PathNode, type TriggerNode } from './tree.ts';

/** A field that a trigger asks for, and values of it that matter; undefined leaves the field out. */
interface Field {
  readonly keys: readonly string[];
  readonly values: Set<unknown>;
}

const maxSamples = 2_048;

/**
 * Events made of the values that a trigger names, in every combination: what it matches is often among them. At most
 * 2,048. The members that no part of the trigger asks for are missing.
 */
export function* sampleEvents(tree: TriggerNode): Generator<JsonObject> {
  const fields = fieldsOf(tree);
  const total = fields.reduce((product, { values }) => product * values.size, 1);
  for (let index = 0; index < Math.min(total, maxSamples); index += 1) {
    const event = eventAt(fields, index);
    if (event !== undefined) yield event;
  }
}

function fieldsOf(tree: TriggerNode): readonly Field[] {
  const fields = new Map<string, Field>([['type', { keys: ['type'], values: new Set() }]]);
  collect(tree, fields);
  const types = fields.get('type');
  if (types !== undefined) fields.set('type', { ...types, values: new Set([...usableTypes(types), 'track']) });
  for (const { keys, values } of fields.values()) if (keys.join() !== 'type') values.add(undefined);
  return [...fields.values()];
}

function usableTypes({ values }: Field): readonly unknown[] {
  return eventTypes.filter((type) => values.has(type));
}

function collect(node: TriggerNode, fields: Map<string, Field>): void {
  const children = childrenOf(node);
  const paths = node.kind === 'path' ? [node] : children.flatMap(pathsIn);
  for (const path of paths) for (const value of valuesBeside(node, children)) add(path, value, fields);
  for (const child of children) if (child.kind !== 'path' || isCondition(node)) collect(child, fields);
}

/** In whichever case the text there is asked for. */
function pathsIn(node: TriggerNode): readonly PathNode[] {
  if (node.kind === 'path') return [node];
  const isCase = node.kind === 'call' && (node.name === 'lowercase' || node.name === 'uppercase');
  return isCase ? node.args.flatMap(pathsIn) : [];
}

function isCondition(node: TriggerNode): boolean {
  return node.kind === 'and' || node.kind === 'or' || node.kind === 'not';
}

/** The values that a field beside them would be tested with. */
function valuesBeside(node: TriggerNode, children: readonly TriggerNode[]): readonly unknown[] {
  if (node.kind === 'path') return [true];
  if (node.kind !== 'compare' && node.kind !== 'call') return [];
  const inLists = node.kind === 'compare';
  return children.flatMap((child): readonly unknown[] => {
    if (child.kind === 'list') return child.items.flatMap((item) => valuesNear(item, inLists));
    return valuesNear(child, inLists);
  });
}

function valuesNear(node: TriggerNode, inLists: boolean): readonly unknown[] {
  if (node.kind !== 'literal') return [];
  const { value } = node;
  if (typeof value === 'number') return [value, value + 1, value - 1];
  return inLists ? [value, [value]] : [value];
}

function add({ keys }: PathNode, value: unknown, fields: Map<string, Field>): void {
  const name = printPath(keys);
  const field = fields.get(name) ?? { keys, values: new Set() };
  field.values.add(value);
  fields.set(name, field);
}

function eventAt(fields: readonly Field[], index: number): JsonObject | undefined {
  const event: Record<string, unknown> = {};
  let rest = index;
  for (const { keys, values } of fields) {
    const value = [...values][rest % values.size];
    rest = Math.floor(rest / values.size);
    if (value !== undefined && !put(event, keys, value)) return undefined;
  }
  return event;
}

/** False when a field is asked for as a value and as an object with members. */
function put(event: Record<string, unknown>, keys: readonly string[], value: unknown): boolean {
  const [first, ...others] = keys;
  if (first === undefined || first === '__proto__') return false;
  if (others.length === 0) {
    if (Object.hasOwn(event, first)) return false;
    event[first] = value;
    return true;
  }
  const inner = Object.hasOwn(event, first) ? event[first] : {};
  if (!isObject(inner)) return false;
  event[first] = inner;
  return put(inner as Record<string, unknown>, others, value);
}
