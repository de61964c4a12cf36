import { isObject, type JsonObject, own } from '../../core/json.ts';
import { withExactSessionId } from './exact-session-id.ts';

/** What the body of a request said. Meta takes JSON, a form, and a multipart form; values in forms are text. */
export type GraphBody =
  | { readonly kind: 'parameters'; readonly parameters: JsonObject }
  | { readonly kind: 'unreadable'; readonly reason: string };

const empty: GraphBody = { kind: 'parameters', parameters: {} };

/** Reads a body by its content type; without a known one it is read as a form, as curl sends it. */
export async function readBody(bytes: Buffer, contentType: string, contentEncoding: string): Promise<GraphBody> {
  if (bytes.length === 0) return empty;
  if (contentEncoding !== '' && contentEncoding !== 'identity') {
    return { kind: 'unreadable', reason: 'Content-Encoding is not supported' };
  }
  if (isJsonType(contentType)) return readJson(bytes);
  if (/^multipart\/form-data\b/i.test(contentType)) return readMultipart(bytes, contentType);
  return { kind: 'parameters', parameters: formParameters(new URLSearchParams(bytes.toString('utf8'))) };
}

/** Pairs of text as parameters; those that hold JSON are read here, once. */
export function formParameters(pairs: Iterable<readonly [string, string]>): JsonObject {
  return withJsonRead(Object.fromEntries(pairs));
}

/** Parameters that are JSON in a string wherever strings are all there is. */
const jsonNames = ['data', 'payload', 'session'];

function withJsonRead(parameters: JsonObject): JsonObject {
  const texts = jsonNames.filter((name) => typeof own(parameters, name) === 'string');
  if (texts.length === 0) return parameters;
  return { ...parameters, ...Object.fromEntries(texts.map((name) => [name, jsonOrText(String(parameters[name]))])) };
}

function jsonOrText(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function parseJson(text: string): unknown {
  return withExactSessionId(JSON.parse(text), text);
}

export function isJsonType(contentType: string): boolean {
  return /\bjson\b/i.test(contentType);
}

function readJson(bytes: Buffer): GraphBody {
  try {
    const value = parseJson(bytes.toString('utf8'));
    return isObject(value)
      ? { kind: 'parameters', parameters: withJsonRead(value) }
      : { kind: 'unreadable', reason: 'The body must be a JSON object' };
  } catch {
    return { kind: 'unreadable', reason: 'The body is not valid JSON' };
  }
}

async function readMultipart(bytes: Buffer, contentType: string): Promise<GraphBody> {
  try {
    const response = new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } });
    const fields = [...(await response.formData())].map(([name, value]): [string, string] => [name, String(value)]);
    return { kind: 'parameters', parameters: formParameters(fields) };
  } catch {
    return { kind: 'unreadable', reason: 'The body is not a valid multipart form' };
  }
}
