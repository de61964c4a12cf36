import { isObject, type JsonObject } from '../core/json.ts';
import { compilePredicate } from '../trigger/compile.ts';
import { sampleEvents } from '../trigger/sample-events.ts';
import { childrenOf, type PathNode, type TriggerNode } from '../trigger/tree.ts';
import { readPath } from '../trigger/values.ts';
import { isDirective } from '../mapping/values/directive.ts';
import { reasons, type Reason } from './reasons.ts';

/** Where directives of Segment's mapping kit do something else here; each reason once. */
export function directiveDifferences(value: unknown): readonly Reason[] {
  return [...new Set(differencesIn(value))];
}

function* differencesIn(value: unknown): Generator<Reason> {
  if (Array.isArray(value)) for (const item of value) yield* differencesIn(item);
  if (!isObject(value)) return;
  for (const [key, argument] of Object.entries(value)) {
    if (key === '@literal') {
      if (holdsDirective(argument)) yield reasons.literalDirective;
      continue;
    }
    if (key === '@if' && isObject(argument)) {
      if (Object.hasOwn(argument, 'blank')) yield reasons.blank;
      const { else: otherwise } = argument;
      if (otherwise === 0 || otherwise === false || otherwise === '') yield reasons.falsyElse;
    }
    if (key === '@replace') yield reasons.replaceNothing;
    if (key === '@template') yield reasons.template;
    yield* differencesIn(argument);
  }
}

function holdsDirective(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsDirective);
  return isObject(value) && (isDirective(value) || Object.values(value).some(holdsDirective));
}

/**
 * An event that meets the trigger here although it lacks a field that Segment's matcher wants there to be: a number that
 * is not equal, a text that does not contain or match. Undefined when no such event is found.
 */
export function missingFieldExample(tree: TriggerNode): JsonObject | undefined {
  const paths = [...wantedFields(tree)];
  if (paths.length === 0) return undefined;
  const matches = compilePredicate(tree);
  for (const event of sampleEvents(tree)) {
    if (matches(event) && paths.some(({ keys }) => (readPath(event, keys) ?? undefined) === undefined)) return event;
  }
  return undefined;
}

function* wantedFields(node: TriggerNode, isNegated = false): Generator<PathNode> {
  const children = childrenOf(node);
  const pathsIn = children.filter((child) => child.kind === 'path');
  if (node.kind === 'compare' && node.operator === '!=') {
    if (children.some((child) => child.kind === 'literal' && typeof child.value === 'number')) yield* pathsIn;
  }
  if (node.kind === 'call' && isNegated && (node.name === 'contains' || node.name === 'match')) yield* pathsIn;
  for (const child of children) yield* wantedFields(child, node.kind === 'not' ? !isNegated : isNegated);
}
