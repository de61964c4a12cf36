/**
 * The own member `key` of a value, or undefined; never anything inherited. A member of null is null; text has its
 * characters and `length`, an array its items and `length`.
 */
export function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object') return typeof value === 'string' ? memberOfText(value, key) : undefined;
  if (value === null) return null;
  const found = (value as Record<string, unknown>)[key];
  return found === undefined || Object.hasOwn(value, key) ? found : undefined;
}

function memberOfText(text: string, key: string): unknown {
  const boxed: Record<string, unknown> = Object(text);
  return Object.hasOwn(boxed, key) ? boxed[key] : undefined;
}

/** What lies at a path below a value. */
export function memberAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce(member, value);
}
