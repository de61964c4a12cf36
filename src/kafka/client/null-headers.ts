import type { HeaderValue, RecordHeaders } from '../../core/record.ts';

/** Headers that kafkajs can send: it has no way to send one without a value. */
export type SendableHeaders = Record<string, Buffer | string | (Buffer | string)[]>;

/** The headers, those without a value as empty ones. Their names are noted in the header `note`, if there are any. */
export function sendableHeaders(headers: RecordHeaders, note: string): SendableHeaders {
  const sendable: SendableHeaders = {};
  const withoutValue: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const values: readonly HeaderValue[] = Array.isArray(value) ? value : [value];
    if (values.some((each) => each === null || each === undefined)) withoutValue.push(name);
    const sent = values.map((each) => each ?? Buffer.alloc(0));
    // Assigned, a header called __proto__ would be lost.
    Object.defineProperty(sendable, name, { value: sent.length === 1 ? sent[0] : sent, enumerable: true });
  }
  if (withoutValue.length > 0) sendable[note] = withoutValue.map(escaped).join(',');
  return sendable;
}

/**
 * The names of headers that were sent empty because they had no value. Of a repeated header nobody knows which of its
 * values it was.
 */
export function namesWithoutValue(headers: RecordHeaders, note: string): ReadonlySet<string> {
  const text = headers[note]?.toString() ?? '';
  if (text === '') return new Set();
  return new Set(text.startsWith('[') ? namesOfJson(text) : text.split(',').map(unescaped));
}

/** How parked messages noted the names at first. */
function namesOfJson(text: string): readonly string[] {
  try {
    return JSON.parse(text) as readonly string[];
  } catch {
    return [];
  }
}

const escapes = { '%': '%25', ',': '%2C', '[': '%5B' } as const;

function escaped(name: string): string {
  return name.replace(/[%,[]/g, (character) => escapes[character as keyof typeof escapes]);
}

function unescaped(name: string): string {
  return name.replace(/%(?:25|2C|5B)/g, decodeURIComponent);
}
