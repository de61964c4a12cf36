import { isObject, own } from '../../core/json.ts';
import { keepingBack } from '../../explain/explain-privacy.ts';
import { jsonOf } from './event-of.ts';

const mostDepth = 60;
const show = keepingBack();

/**
 * Whether an event has a text at a path, or anywhere; undefined: nothing is asked for. Of what identifies a person only the
 * whole value is compared: a part of it would let whoever guesses letter by letter read what is hidden.
 */
export function createTextFilter(
  path: string | undefined,
  value: string | undefined,
): ((bytes: Buffer | null) => boolean) | undefined {
  if (path === undefined && value === undefined) return undefined;
  const keys = (path ?? '')
    .replace(/^\$\.?/, '')
    .split('.')
    .filter((key) => key !== '');
  const wanted = value?.toLowerCase();
  return (bytes) => {
    if (bytes === null || (wanted !== undefined && !mayHold(bytes, wanted))) return false;
    const event = jsonOf(bytes);
    if (event === undefined) return wanted !== undefined && keys.length === 0 && holdsPlain(bytes, wanted);
    const found = keys.reduce<unknown>((inside, key) => own(inside, key), event);
    if (wanted === undefined) return found !== undefined && found !== null;
    return holds(found, keys, wanted, 0);
  };
}

/** A text that JSON writes in one way only can be looked for in the bytes. */
function mayHold(bytes: Buffer, wanted: string): boolean {
  if (!/^[ !#-.0-[\]-~]+$/.test(wanted)) return true;
  return bytes.toString('latin1').toLowerCase().includes(wanted) || bytes.includes('\\u');
}

/** What is no JSON can't be told apart from what identifies a person: only codes and the like are found by such a text. */
function holdsPlain(bytes: Buffer, wanted: string): boolean {
  return bytes.toString('utf8').toLowerCase() === wanted;
}

function holds(value: unknown, keys: readonly string[], wanted: string, depth: number): boolean {
  if (depth > mostDepth || value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => holds(item, keys, wanted, depth + 1));
  if (isObject(value)) {
    return Object.entries(value).some(([key, member]) => holds(member, [...keys, key], wanted, depth + 1));
  }
  const text = String(value).toLowerCase();
  if (!text.includes(wanted)) return false;
  return text === wanted || show(keys, value) === value;
}
