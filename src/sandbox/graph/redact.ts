import type { GraphBody } from './graph-body.ts';

const hidden = '***';
const secretNames: ReadonlySet<string> = new Set(['access_token', 'appsecret_proof', 'input_token', 'client_secret']);
const secretHeaders: ReadonlySet<string> = new Set(['cookie', 'proxy-authorization']);

/** `name=value` or `"name": "value"` in text that nothing could parse, and anything that looks like Meta's tokens. */
const secretText = /((?:access_token|appsecret_proof|input_token|client_secret)["']?\s*[:=]\s*["']?)[^"'&\s,}]+/gi;
const tokenText = /EAA[A-Za-z0-9]{8,}/g;

/** The text without what looks like a token or a proof. */
export function redactText(text: string): string {
  return text.replace(secretText, `$1${hidden}`).replace(tokenText, hidden);
}

export function redactQuery(query: URLSearchParams): Readonly<Record<string, string>> {
  const entries = [...query].map(([name, value]): [string, string] => [
    name,
    secretNames.has(name) ? hidden : redactText(value),
  ]);
  return Object.fromEntries(entries);
}

export function redactHeaders(headers: NodeJS.Dict<string | string[]>): Readonly<Record<string, string>> {
  const kept = Object.entries(headers).filter(([name]) => !secretHeaders.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, headerText(name, String(value))]));
}

/** Of an authorization header only the scheme stays, and only a scheme that is one. */
function headerText(name: string, value: string): string {
  if (name !== 'authorization') return redactText(value);
  const scheme = /^(Bearer|OAuth|Basic) /i.exec(value)?.[1];
  return scheme === undefined ? hidden : `${scheme} ${hidden}`;
}

/** What may be kept of a body: the original when it holds no secret, else a copy without the secrets. */
export type KeepableBody =
  | { readonly kind: 'json'; readonly bytes: Buffer }
  | { readonly kind: 'text'; readonly bytes: Buffer };

/** `isJson`: the bytes are the JSON text that `body` was read from. */
export function redactBody(bytes: Buffer, body: GraphBody, isJson: boolean): KeepableBody {
  if (bytes.length === 0) return { kind: 'text', bytes };
  if (body.kind === 'unreadable') return { kind: 'text', bytes: Buffer.from(redactText(bytes.toString('utf8'))) };
  const secret = Object.keys(body.parameters).some((name) => secretNames.has(name));
  if (isJson && !secret) return { kind: 'json', bytes };
  return { kind: 'json', bytes: Buffer.from(rewritten(body.parameters)) };
}

function rewritten(parameters: object): string {
  try {
    return JSON.stringify(parameters, (name, value: unknown) => (secretNames.has(name) ? hidden : value));
  } catch {
    return JSON.stringify('(too deeply nested to keep)');
  }
}
