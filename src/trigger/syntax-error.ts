import type { Diagnostic } from '../core/diagnostic.ts';
import type { Span } from './tree.ts';

/** An error about a part of the text of a trigger. */
export function syntaxError(span: Span, message: string, fix?: string): Diagnostic {
  const { offset, length } = span;
  const known = { severity: 'error', code: 'TRIGGER_SYNTAX', message, offset, length } as const;
  return fix === undefined ? known : { ...known, fix };
}
