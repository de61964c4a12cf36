import type { Diagnostic } from '../core/diagnostic.ts';
import { ConnectorError } from '../core/errors.ts';
import { compilePredicate } from './compile.ts';
import { parseTrigger } from './parse.ts';
import { placeAt } from './place.ts';

/**
 * Compiles a trigger to a test for events (any JSON values). The test never throws and reads own members only.
 *
 * @throws ConnectorError `TRIGGER_SYNTAX`, when the expression is not a trigger. Its message names line and column,
 * shows the place with a caret and says what was expected; `details.diagnostics` holds every mistake found.
 *
 * @example compileTrigger('type = "track" and event = "Order Completed"')({ type: 'page' }) // false
 */
export function compileTrigger(expression: string): (event: unknown) => boolean {
  const parsed = parseTrigger(expression);
  if ('tree' in parsed) return compilePredicate(parsed.tree);
  const { diagnostics } = parsed;
  throw new ConnectorError('TRIGGER_SYNTAX', describeMistakes(expression, diagnostics), { diagnostics });
}

function describeMistakes(expression: string, diagnostics: readonly Diagnostic[]): string {
  const described = diagnostics.map((diagnostic) => describeMistake(expression, diagnostic));
  return `the trigger is not valid: ${described.join('\n')}`;
}

function describeMistake(expression: string, { message, offset = 0 }: Diagnostic): string {
  const { line, column, excerpt } = placeAt(expression, offset);
  return `line ${line}, column ${column}: ${message}\n${excerpt}`;
}
