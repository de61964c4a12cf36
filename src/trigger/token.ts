import type { Diagnostic } from '../core/diagnostic.ts';
import type { ComparisonOperator, Keyword, Span } from './tree.ts';

export type TokenSymbol = '(' | ')' | '[' | ']' | ',' | '!';

export type Token = Span &
  (
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'path'; readonly keys: readonly string[]; readonly isWord: boolean }
    | { readonly kind: 'keyword'; readonly word: Keyword }
    | { readonly kind: 'operator'; readonly operator: ComparisonOperator }
    | { readonly kind: 'symbol'; readonly symbol: TokenSymbol }
    | { readonly kind: 'end' }
  );

/** One step through the text: a token, a mistake or neither (white space), and where to go on. */
export interface Lexeme {
  readonly end: number;
  readonly token?: Token;
  readonly mistake?: Diagnostic;
}
