import type { Diagnostic } from '../core/diagnostic.ts';
import { tokenize } from './lexer.ts';
import { parseExpression } from './parse-expression.ts';
import { syntaxError } from './syntax-error.ts';
import type { TriggerNode } from './tree.ts';

/** The longest expression that is read, in UTF-16 units. */
export const maxTriggerLength = 65_536;

const emptyMessage = 'the trigger is empty; expected a condition, such as type = "track"';

export type ParsedTrigger = { readonly tree: TriggerNode } | { readonly diagnostics: readonly Diagnostic[] };

/**
 * Parses a trigger. Never throws: what is wrong comes back as errors with their place in the text (at least one, most
 * often just one). Nothing deeper than 200 levels or longer than 65,536 characters is read.
 */
export function parseTrigger(text: string): ParsedTrigger {
  if (text.length > maxTriggerLength) {
    const message = `the trigger has ${text.length} characters; at most ${maxTriggerLength} are allowed`;
    return { diagnostics: [syntaxError({ offset: maxTriggerLength, length: 0 }, message)] };
  }
  const { tokens, diagnostics } = tokenize(text);
  if (diagnostics.length > 0) return { diagnostics };
  if (tokens.length === 1) return { diagnostics: [syntaxError({ offset: 0, length: 0 }, emptyMessage)] };
  return parseExpression(text, tokens);
}
