import type { TriggerTrace } from './trace.ts';

const shownCharacters = 60;
const shownItems = 5;

/**
 * A trace as indented lines for people: a mark, the condition, and the values that decided it.
 *
 *     ✗ and
 *       ✓ type = "track"
 *       ✗ properties.total > 100   saw "129.5" > 100
 */
export function renderTrace(trace: TriggerTrace): string {
  return linesOf(trace, '').join('\n');
}

function linesOf(trace: TriggerTrace, indent: string): readonly string[] {
  const line = `${indent}${markOf(trace)} ${trace.text}${sightOf(trace)}`;
  return [line, ...(trace.parts ?? []).flatMap((part) => linesOf(part, `${indent}  `))];
}

/** A value that isn't a condition (`length(x)` in `length(x) > 0`) has neither mark. */
function markOf({ matched, value }: TriggerTrace): string {
  if (typeof value !== 'boolean') return '·';
  return matched ? '✓' : '✗';
}

function sightOf(trace: TriggerTrace): string {
  const saw = (trace.saw ?? []).map(preview);
  if (trace.kind === 'compare') return `   saw ${saw.join(` ${trace.operator} `)}`;
  if (trace.kind === 'call') return `   saw ${saw.join(', ')}${resultOf(trace)}`;
  return trace.kind === 'path' ? `   saw ${preview(trace.value)}` : '';
}

function resultOf({ value }: TriggerTrace): string {
  return typeof value === 'boolean' ? '' : `, gave ${preview(value)}`;
}

/** A value in little room; what is deep inside a list or an object is not shown. */
function preview(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.slice(0, shownItems).map((item) => (isDeep(item) ? '…' : preview(item)));
    return `[${items.join(', ')}${value.length > shownItems ? `, … ${value.length} in all` : ''}]`;
  }
  if (isDeep(value)) return '{…}';
  const text = JSON.stringify(value) ?? 'null';
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

function isDeep(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
