import { isObject, type JsonObject, own } from '../../core/json.ts';

/** Its number, unless the quotes of the name are themselves within a text. */
const written = /(?<!\\)"session_id"\s*:\s*(\d{16,19})(?=\s*[,}])/;

/**
 * Session ids are 64 bits wide and may be written as numbers, which lose digits when JSON is parsed. Gives back what
 * was parsed, with a session id that lost digits as the text that stood there.
 */
export function withExactSessionId(parsed: unknown, text: string): unknown {
  if (!isObject(parsed)) return parsed;
  const session = own(parsed, 'session');
  if (isObject(session) && hasInexactId(session)) return { ...parsed, session: exact(session, text) };
  return hasInexactId(parsed) ? exact(parsed, text) : parsed;
}

function hasInexactId(session: JsonObject): boolean {
  const id = own(session, 'session_id');
  return typeof id === 'number' && !Number.isSafeInteger(id);
}

function exact(session: JsonObject, text: string): JsonObject {
  const digits = written.exec(text)?.[1];
  return digits === undefined ? session : { ...session, session_id: digits };
}
