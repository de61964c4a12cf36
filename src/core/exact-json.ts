/** A whole number with more digits than a JavaScript number surely keeps. */
const manyDigits = /\d{16}/;

/** JSON whose whole numbers beyond 2^53 are text, as they are of every other format. */
export function parseExactly(text: string): unknown {
  return manyDigits.test(text) ? JSON.parse(text, exactNumber) : JSON.parse(text);
}

function exactNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
