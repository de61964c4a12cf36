import { type Compiled, nothing } from './compiled.ts';
import type { Place } from './directive.ts';
import { memberAt } from './member.ts';
import { parsePath } from './path.ts';

/** Compiles a path that stands in a mapping, reports what is wrong with it, and records that it is read. */
export function compilePath(text: string, place: Place): Compiled {
  const parsed = parsePath(text);
  if (!parsed.ok) {
    const message = `bad path "${shortened(text)}": ${parsed.message}`;
    place.error('BAD_PATH', message, parsed.fix === undefined ? {} : { fix: parsed.fix });
    return nothing;
  }
  if (parsed.remark !== undefined) place.warn('ODD_PATH', `path "${shortened(text)}": ${parsed.remark}`);
  return place.read(parsed.members);
}

/** Reads what lies at a path that was computed for one event; nothing when it is no path. */
export function readPath(root: unknown, text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  const parsed = parsePath(text);
  return parsed.ok ? memberAt(root, parsed.members) : undefined;
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
