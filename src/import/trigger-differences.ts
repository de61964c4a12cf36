import type { JsonObject } from '../core/json.ts';
import { compilePredicate } from '../trigger/compile.ts';
import { tokenize } from '../trigger/lexer.ts';
import { parseTrigger } from '../trigger/parse.ts';
import { sampleEvents } from '../trigger/sample-events.ts';
import { childrenOf, type PathNode, type TriggerNode } from '../trigger/tree.ts';
import { readPath } from '../trigger/values.ts';
import type { Keys } from './input.ts';
import type { Ledger } from './ledger.ts';
import { reasons } from './reasons.ts';

/** Says of a trigger what Segment's published matcher makes of it otherwise, with an event that shows it. */
export function noteTrigger(text: string, tree: TriggerNode, path: Keys, ledger: Ledger): void {
  const remarks = { to: 'trigger' };
  const lacking = missingFieldExample(tree);
  if (lacking !== undefined) ledger.changed(path, reasons.missingField, { ...remarks, example: lacking });
  const joined = joinedExample(text, tree);
  if (joined !== undefined) ledger.changed(path, reasons.mixedOperators, { ...remarks, example: joined });
  if (lacking === undefined && joined === undefined) ledger.carried(path, 'trigger');
}

/**
 * An event of which the trigger says something else when all conditions of one level are joined by its last `and` or `or`,
 * as the published matcher joins them. Undefined when no such event is found.
 */
function joinedExample(text: string, tree: TriggerNode): JsonObject | undefined {
  const parsed = parseTrigger(joinedByLast(text));
  if (!('tree' in parsed)) return undefined;
  const [here, there] = [compilePredicate(tree), compilePredicate(parsed.tree)];
  for (const event of sampleEvents(tree)) if (here(event) !== there(event)) return event;
  return undefined;
}

interface Level {
  readonly offsets: number[];
  word: 'and' | 'or';
}

/** The trigger with the same word between all conditions of a level. */
export function joinedByLast(text: string): string {
  const open: Level[] = [{ offsets: [], word: 'and' }];
  const levels = [...open];
  for (const token of tokenize(text).tokens) {
    const level = open.at(-1);
    if (token.kind === 'symbol' && token.symbol === '(') {
      const inner: Level = { offsets: [], word: 'and' };
      open.push(inner);
      levels.push(inner);
    } else if (token.kind === 'symbol' && token.symbol === ')') open.pop();
    else if (token.kind === 'keyword' && (token.word === 'and' || token.word === 'or') && level !== undefined) {
      level.offsets.push(token.offset);
      level.word = token.word;
    }
  }
  const words = levels.flatMap(({ offsets, word }) => offsets.map((offset) => ({ offset, word })));
  return words
    .sort((first, second) => second.offset - first.offset)
    .reduce(
      (joined, { offset, word }) => joined.slice(0, offset) + word + joined.slice(offset).replace(/^(?:and|or)/i, ''),
      text,
    );
}

/**
 * An event that meets the trigger here although it lacks a field that Segment's matcher wants there to be: a number that
 * is not equal, a text that does not contain or match. Undefined when no such event is found.
 */
function missingFieldExample(tree: TriggerNode): JsonObject | undefined {
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
