import { parseDocument, LineCounter } from 'yaml';
import { ConnectorError } from '../core/errors.ts';
import { parseExactly } from '../core/exact-json.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { parseHcl, placeKey } from './hcl.ts';
import type { InputDocument, Place } from './input.ts';

/** A file of this size holds no configuration that people wrote. */
export const maxInputBytes = 16 * 1024 * 1024;

/** Values that the aliases of a YAML file may stand for, for each alias: more is a file that means harm. */
const maxAliasCount = 100;

/**
 * The text of an exported file by its name: `.tf` is HCL, `.yaml` and `.yml` YAML, everything else JSON. Throws, with the
 * place, where the text is none of that.
 */
export function readInput(file: string, text: string): InputDocument {
  if (/\.tf$/i.test(file)) return fromHcl(file, text);
  const value = /\.ya?ml$/i.test(file) ? fromYaml(file, text) : fromJson(file, text);
  return {
    file,
    value: Array.isArray(value) ? { list: value } : wholeObject(file, value),
    unread: [],
    placeOf: () => undefined,
  };
}

function fromHcl(file: string, text: string): InputDocument {
  const parsed = parseHcl(text);
  if ('message' in parsed) throw unreadable(file, parsed.message, parsed.place);
  const { value, unread, places } = parsed;
  return { file, value, unread, placeOf: (path) => places.get(placeKey(path)) };
}

function fromJson(file: string, text: string): unknown {
  try {
    return parseExactly(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's message would quote the file.
    throw unreadable(file, 'it is no JSON');
  }
}

function fromYaml(file: string, text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { intAsBigInt: true, lineCounter: lines, prettyErrors: false });
  const [mistake] = document.errors;
  if (mistake !== undefined) {
    const { line, col } = lines.linePos(mistake.pos[0]);
    throw unreadable(file, `it is no YAML (${mistake.code})`, { line, column: col });
  }
  try {
    return withoutBigInts(document.toJS({ maxAliasCount }));
  } catch {
    throw unreadable(file, `its aliases stand for too much, or for nothing (at most ${maxAliasCount} times)`);
  }
}

/** Ids keep their digits: they become text, as they do in JSON. */
function withoutBigInts(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (Array.isArray(value)) return value.map(withoutBigInts);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutBigInts(member)]));
}

function wholeObject(file: string, value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw unreadable(file, 'it holds no object');
}

function unreadable(file: string, what: string, place?: Place): ConnectorError {
  const at = place === undefined ? file : `${file}:${place.line}:${place.column}`;
  return new ConnectorError('IMPORT_UNREADABLE', `${at}: ${what}`);
}
