/** Where a node stands in the text of its trigger: UTF-16 offset and length. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

export type Scalar = string | number | boolean | null;

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'in';

export interface LiteralNode extends Span {
  readonly kind: 'literal';
  readonly value: Scalar;
}

export interface PathNode extends Span {
  readonly kind: 'path';
  /** At least one; the first is never empty, for the language has no way to write that. */
  readonly keys: readonly string[];
}

export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: readonly TriggerNode[];
}

export interface CallNode extends Span {
  readonly kind: 'call';
  readonly name: FunctionName;
  /** As many as `functionArity` says. */
  readonly args: readonly TriggerNode[];
}

export interface CompareNode extends Span {
  readonly kind: 'compare';
  readonly operator: ComparisonOperator;
  readonly left: TriggerNode;
  readonly right: TriggerNode;
}

interface NotNode extends Span {
  readonly kind: 'not';
  readonly operand: TriggerNode;
}

export interface GroupNode extends Span {
  readonly kind: 'and' | 'or';
  /** Two or more, in the order written. */
  readonly operands: readonly TriggerNode[];
}

/** A parsed trigger. Parentheses leave no node: the nesting says it. */
export type TriggerNode = LiteralNode | PathNode | ListNode | CallNode | CompareNode | NotNode | GroupNode;

/** The functions of the language and how many arguments each takes. */
export const functionArity = {
  contains: 2,
  match: 2,
  length: 1,
  lowercase: 1,
  uppercase: 1,
  snakecase: 1,
  kebabcase: 1,
  titlecase: 1,
  typeof: 1,
  string: 1,
  number: 1,
  bool: 1,
} as const satisfies Record<string, 1 | 2>;

export type FunctionName = keyof typeof functionArity;

export const functionNames = Object.keys(functionArity) as readonly FunctionName[];

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(functionArity, name);
}

/** Words that are never the name of a field unless a backslash is put before them. */
export const keywords = ['and', 'or', 'not', 'in', 'true', 'false', 'null'] as const;

export type Keyword = (typeof keywords)[number];

export function isKeyword(word: string): word is Keyword {
  return (keywords as readonly string[]).includes(word);
}

/** The nodes directly under one. */
export function childrenOf(node: TriggerNode): readonly TriggerNode[] {
  switch (node.kind) {
    case 'literal':
    case 'path':
      return [];
    case 'list':
      return node.items;
    case 'call':
      return node.args;
    case 'compare':
      return [node.left, node.right];
    case 'not':
      return [node.operand];
    case 'and':
    case 'or':
      return node.operands;
  }
}
