import { isUtf8 } from 'node:buffer';
import { boundedJson } from '../../core/bounded-json.ts';

/**
 * JSON that a message holds as text, which was not counted with the message; undefined: it is none, or more than is read.
 *
 * @param parse Throws where it is no JSON.
 */
export function jsonInText(bytes: Buffer, parse: (text: string) => unknown): unknown {
  if (!isUtf8(bytes)) return undefined;
  const bounded = boundedJson(bytes);
  if (bounded.kind !== 'bounded' || bounded.cut) return undefined;
  try {
    return parse(bounded.bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
