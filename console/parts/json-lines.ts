/** A JSON value as lines of text, each with the path of what it shows. */
export interface JsonLine {
  readonly path: string;
  readonly indent: number;
  readonly name: string | undefined;
  /** The value, or the bracket that opens or closes it. */
  readonly text: string;
  readonly comma: boolean;
}

/** A browser stays usable with so many; the rest is told by its number. */
const maxLines = 3000;

/** `properties.products.0.sku`, as paths are written in triggers; the whole is the empty path. */
export function jsonLines(
  value: unknown,
  limit = maxLines,
): { readonly lines: readonly JsonLine[]; readonly cut: boolean } {
  const lines: JsonLine[] = [];
  add(value, { path: '', indent: 0, name: undefined, comma: false });
  return { lines: lines.slice(0, limit), cut: lines.length > limit };

  function add(item: unknown, at: Omit<JsonLine, 'text'>): void {
    if (lines.length > limit) return;
    if (typeof item !== 'object' || item === null) {
      lines.push({ ...at, text: JSON.stringify(item) ?? 'null' });
      return;
    }
    const isList = Array.isArray(item);
    const members = isList ? item.map((each, index) => [String(index), each] as const) : Object.entries(item);
    const [open, close] = isList ? ['[', ']'] : ['{', '}'];
    if (members.length === 0) {
      lines.push({ ...at, text: `${open}${close}` });
      return;
    }
    lines.push({ ...at, text: open, comma: false });
    for (const [index, [key, each]] of members.entries()) {
      add(each, {
        path: at.path === '' ? key : `${at.path}.${key}`,
        indent: at.indent + 1,
        name: isList ? undefined : JSON.stringify(key),
        comma: index < members.length - 1,
      });
    }
    lines.push({ ...at, name: undefined, text: close });
  }
}
