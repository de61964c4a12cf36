/** A quoted text read from an expression. */
export interface Quoted {
  readonly value: string;
  /** Offset after the closing quote, or the end of the text when there is none. */
  readonly end: number;
  readonly closed: boolean;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', "'": "'", n: '\n', r: '\r', t: '\t' };

/**
 * Reads the string that begins with the quote at `start`. `\"`, `\'`, `\\`, `\n`, `\r`, `\t` and `\uXXXX` are
 * escapes; a backslash before anything else stays, so that `"ab\*d"` is the pattern in which the star is literal.
 */
export function readQuoted(text: string, start: number): Quoted {
  const quote = text[start];
  let value = '';
  let offset = start + 1;
  while (offset < text.length) {
    const character = text.charAt(offset);
    if (character === quote) return { value, end: offset + 1, closed: true };
    if (character === '\\' && offset + 1 < text.length) {
      const escaped = readEscape(text, offset);
      value += escaped.value;
      offset = escaped.end;
    } else {
      value += character;
      offset += 1;
    }
  }
  return { value, end: text.length, closed: false };
}

function readEscape(text: string, offset: number): { readonly value: string; readonly end: number } {
  const escaped = text.charAt(offset + 1);
  const hex = text.slice(offset + 2, offset + 6);
  if (escaped === 'u' && /^[0-9a-f]{4}$/i.test(hex)) {
    return { value: String.fromCharCode(Number.parseInt(hex, 16)), end: offset + 6 };
  }
  const meaning = Object.hasOwn(escapes, escaped) ? escapes[escaped] : undefined;
  return { value: meaning ?? `\\${escaped}`, end: offset + 2 };
}

/** A text in double quotes, such that reading it gives the text. */
export function quote(value: string): string {
  let quoted = '"';
  for (const unit of value.split('')) {
    const code = unit.charCodeAt(0);
    if (unit === '"' || unit === '\\') quoted += `\\${unit}`;
    else if (unit === '\n') quoted += '\\n';
    else if (unit === '\r') quoted += '\\r';
    else if (unit === '\t') quoted += '\\t';
    else if (code < 0x20 || code === 0x7f) quoted += `\\u${code.toString(16).padStart(4, '0')}`;
    else quoted += unit;
  }
  return `${quoted}"`;
}
