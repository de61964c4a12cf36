import type { Diagnostic } from '../core/diagnostic.ts';
import { eventTypes } from '../core/event.ts';
import { suggest } from '../core/suggest.ts';
import { createDecider } from './decide.ts';
import { typeNames } from './functions.ts';
import { lintFields } from './lint-fields.ts';
import { quote } from './quoted.ts';
import { type CompareNode, childrenOf, type LiteralNode, type TriggerNode } from './tree.ts';

/**
 * Warnings about a trigger that is valid but hardly what is meant: a part that no event or every event meets, a `type`
 * or a result of `typeof` that doesn't exist, a number that has lost digits, a misspelt field. Each is certain by the language and the Segment spec.
 */
export function lintTrigger(tree: TriggerNode): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  lintOutcome(tree, tree, createDecider(tree), diagnostics);
  lintCompared(tree, diagnostics);
  diagnostics.push(...lintFields(tree));
  return diagnostics.sort((left, right) => (left.offset ?? 0) - (right.offset ?? 0));
}

function lintOutcome(
  node: TriggerNode,
  root: TriggerNode,
  decide: ReturnType<typeof createDecider>,
  diagnostics: Diagnostic[],
): void {
  // A lone `true` or `false` is meant.
  if (node.kind === 'literal' && typeof node.value === 'boolean') return;
  const { canBeTrue, canBeFalse } = decide(node);
  const what = node === root ? 'this trigger' : 'this part of the trigger';
  if (!canBeTrue)
    diagnostics.push(warning(node, 'TRIGGER_NEVER_MATCHES', `${what} can never match: ${reasonOf(node)}`));
  else if (!canBeFalse) diagnostics.push(warning(node, 'TRIGGER_ALWAYS_MATCHES', `${what} matches every event`));
  else if (node.kind === 'and' || node.kind === 'or' || node.kind === 'not') {
    for (const child of childrenOf(node)) lintOutcome(child, root, decide, diagnostics);
  }
}

function reasonOf(node: TriggerNode): string {
  if (node.kind !== 'compare' || node.operator === '=' || node.operator === '!=') return 'no event meets it';
  if (node.operator === 'in') return 'in needs a list on its right, with an item in it';
  return `${node.operator} compares numbers only`;
}

function lintCompared(node: TriggerNode, diagnostics: Diagnostic[]): void {
  if (node.kind === 'compare') diagnostics.push(...lintComparison(node));
  for (const child of childrenOf(node)) lintCompared(child, diagnostics);
}

function lintComparison(node: CompareNode): readonly Diagnostic[] {
  const { operator } = node;
  if (operator !== '=' && operator !== '!=' && operator !== 'in') return [];
  return [...lintNumbers(node), ...lintTexts(node)];
}

/** Ids, above all: campaigns of ads have such, one after another. An order by size isn't hurt by a lost digit. */
function lintNumbers({ left, right }: CompareNode): readonly Diagnostic[] {
  const message =
    'a whole number beyond 9007199254740991 has lost digits, so that its neighbours are equal to it; where events have it as text, write it in quotes';
  return [...literalsOf(left), ...literalsOf(right)]
    .filter(({ value }) => Number.isInteger(value) && !Number.isSafeInteger(value))
    .map((literal) => warning(literal, 'TRIGGER_INEXACT_NUMBER', message));
}

function lintTexts({ left, right }: CompareNode): readonly Diagnostic[] {
  const subject = right.kind === 'literal' || right.kind === 'list' ? left : right;
  const literals = textsOf(subject === left ? right : left);
  const names = namesOf(subject);
  if (names === undefined) return [];
  return literals
    .filter(({ value }) => !names.known.includes(String(value)))
    .map((literal) => unknownName(literal, names));
}

interface Names {
  readonly what: string;
  readonly code: string;
  readonly known: readonly string[];
}

function namesOf(subject: TriggerNode): Names | undefined {
  if (subject.kind === 'path' && subject.keys.length === 1 && subject.keys[0] === 'type') {
    return { what: 'type of event', code: 'TRIGGER_UNKNOWN_TYPE', known: eventTypes };
  }
  const isTypeof = subject.kind === 'call' && subject.name === 'typeof';
  return isTypeof ? { what: 'result of typeof()', code: 'TRIGGER_UNKNOWN_TYPE_NAME', known: typeNames } : undefined;
}

function textsOf(node: TriggerNode): readonly LiteralNode[] {
  return literalsOf(node).filter(({ value }) => typeof value === 'string');
}

function literalsOf(node: TriggerNode): readonly LiteralNode[] {
  const nodes = node.kind === 'list' ? node.items : [node];
  return nodes.filter((item) => item.kind === 'literal');
}

function unknownName(literal: LiteralNode, { what, code, known }: Names): Diagnostic {
  const name = String(literal.value);
  const meant = name === 'boolean' ? known.find((each) => each === 'bool') : suggest(name, known);
  const message = `${quote(name)} is not a ${what}; expected one of ${known.join(', ')}`;
  return warning(literal, code, message, meant === undefined ? undefined : quote(meant));
}

function warning(node: TriggerNode, code: string, message: string, fix?: string): Diagnostic {
  const { offset, length } = node;
  const text = fix === undefined ? message : `${message}; did you mean ${fix}?`;
  return { severity: 'warning', code, message: text, offset, length, ...(fix === undefined ? {} : { fix }) };
}
