/** `$['data'][0]['user_data']`: how Meta writes a place inside a request. */
export function eventPath(index: number, ...keys: readonly (string | number)[]): string {
  const tail = keys.map((key) => (typeof key === 'number' ? `[${key}]` : `['${key}']`)).join('');
  return `$['data'][${index}]${tail}`;
}

/** Present and not blank. Null counts as absent: Meta's own samples and SDK send nulls. */
export function present(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

/** A finite number, or text that is one: Meta accepts both. */
export function isNumeric(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(value);
}
