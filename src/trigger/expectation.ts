import type { Diagnostic } from '../core/diagnostic.ts';
import { suggest } from '../core/suggest.ts';
import { syntaxError } from './syntax-error.ts';
import type { Token } from './token.ts';
import { functionNames, type Keyword, keywords } from './tree.ts';

/** What a message adds about a token that can't stand where it stands. */
export interface Hint {
  readonly message: string;
  readonly fix?: string;
}

/** Words that other languages have, and what is meant by them here. */
const foreignWords: Readonly<Record<string, string>> = {
  is: '=',
  eq: '=',
  equals: '=',
  ne: '!=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'match(field, "pattern*")',
  matches: 'match(field, "pattern*")',
  contains: 'contains(field, "text")',
};

const shownLength = 40;

/** A token as a message shows what was found. */
export function describeToken(text: string, token: Token): string {
  if (token.kind === 'end') return 'the end of the trigger';
  const source = text.slice(token.offset, token.offset + Math.min(token.length, shownLength));
  const shown = token.length > shownLength ? `${source}…` : source;
  return token.kind === 'string' ? shown : `"${shown}"`;
}

/** The likely cause of an unexpected token at `index`, if one is known. */
export function explainUnexpected(text: string, tokens: readonly Token[], index: number): Hint | undefined {
  const token = tokens[index];
  if (token === undefined || token.kind === 'end') return undefined;
  const previous = tokens[index - 1];
  if (token.kind === 'symbol') return explainSymbol(token, token.symbol, previous);
  if (token.kind === 'keyword') return explainKeyword(token.word, previous);
  const word = text.slice(token.offset, token.offset + token.length);
  if (token.kind === 'path' && previous !== undefined && endsOperand(previous)) return explainWord(word);
  return undefined;
}

function explainSymbol({ offset }: Token, symbol: string, previous: Token | undefined): Hint | undefined {
  const isEqualsBefore = previous?.kind === 'operator' && previous.operator === '=';
  if (symbol === '!' && isEqualsBefore && previous.offset + 1 === offset) {
    return { message: 'did you mean !=?', fix: '!=' };
  }
  if (symbol === ',' && previous !== undefined && endsOperand(previous)) {
    return { message: 'a list stands in square brackets, as in event in ["A", "B"]' };
  }
  if (symbol === ')' && previous?.kind !== 'operator') return { message: 'no "(" is open here, or nothing is in it' };
  return undefined;
}

function explainKeyword(word: Keyword, previous: Token | undefined): Hint | undefined {
  if (word === 'not' && previous !== undefined && endsOperand(previous)) {
    return { message: 'write not before the whole comparison, as in not ("a" in properties.tags)' };
  }
  if (previous !== undefined && endsOperand(previous)) return undefined;
  return { message: `a field named "${word}" is written \\${word}`, fix: `\\${word}` };
}

function explainWord(word: string): Hint | undefined {
  const foreign = Object.hasOwn(foreignWords, word.toLowerCase()) ? foreignWords[word.toLowerCase()] : undefined;
  if (foreign !== undefined) return { message: `did you mean ${foreign}?`, fix: foreign };
  const keyword = suggest(word, keywords.slice(0, 4));
  return keyword && { message: `did you mean ${keyword}?`, fix: keyword };
}

/** True when a value may end with this token, so that an operator is due after it. */
function endsOperand(token: Token): boolean {
  if (token.kind === 'symbol') return token.symbol === ')' || token.symbol === ']';
  if (token.kind === 'keyword') return token.word === 'true' || token.word === 'false' || token.word === 'null';
  return token.kind === 'path' || token.kind === 'string' || token.kind === 'number';
}

/** The error about a call of something that isn't a function of the language. */
export function unknownFunction(token: Token, name: string): Diagnostic {
  const meant = suggest(name, functionNames) ?? foreignFunctions[name.toLowerCase()];
  if (meant !== undefined) return syntaxError(token, `there is no function "${name}"; did you mean "${meant}"?`, meant);
  return syntaxError(token, `there is no function "${name}"; expected one of ${functionNames.join(', ')}`);
}

const foreignFunctions: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  includes: 'contains',
  has: 'contains',
  glob: 'match',
  like: 'match',
  matches: 'match',
  startswith: 'match',
  endswith: 'match',
  len: 'length',
  size: 'length',
  lower: 'lowercase',
  tolower: 'lowercase',
  upper: 'uppercase',
  toupper: 'uppercase',
  type: 'typeof',
});
