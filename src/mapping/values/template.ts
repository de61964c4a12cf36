import type { Resolver } from './compiled.ts';
import { textOf } from './text.ts';

/** A template in pieces: text that stands as it is, and placeholders, without their braces and trimmed. */
export type TemplatePiece = { readonly text: string } | { readonly placeholder: string };

/**
 * Splits a template at its placeholders, `{{name}}` or `{{{name}}}`, which are the same. A placeholder ends at the
 * first `}`; braces that aren't closed stand for themselves. Triple braces are found first.
 */
export function parseTemplate(template: string): readonly TemplatePiece[] {
  return split(template, /\{\{\{([^}]+)\}\}\}/g).flatMap((piece) =>
    'text' in piece ? split(piece.text, /\{\{([^}]+)\}\}/g) : [piece],
  );
}

function split(text: string, pattern: RegExp): readonly TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ placeholder: (match[1] ?? '').trim() });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** Joins texts and the values of placeholders. What a value contains is never looked at for placeholders. */
export function joiner(parts: readonly (string | Resolver)[]): Resolver {
  const [only] = parts;
  if (only === undefined) return () => '';
  if (parts.length === 1 && typeof only === 'function') return (frame) => textOf(only(frame));
  return (frame) => {
    let text = '';
    for (const part of parts) text += typeof part === 'string' ? part : textOf(part(frame));
    return text;
  };
}
