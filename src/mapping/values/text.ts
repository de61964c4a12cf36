/**
 * A JSON value as the text that a template shows: nothing for null, items joined by commas, `[object Object]` for
 * objects. Never runs a member of the value such as `toString`, and takes no stack for nested arrays.
 */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  return Array.isArray(value) ? joined(value) : '[object Object]';
}

function joined(array: readonly unknown[]): string {
  const open: { readonly items: readonly unknown[]; next: number }[] = [{ items: array, next: 0 }];
  let text = '';
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    if (level.next === level.items.length) {
      open.pop();
      continue;
    }
    const item = level.items[level.next];
    if (level.next > 0) text += ',';
    level.next += 1;
    if (Array.isArray(item)) open.push({ items: item, next: 0 });
    else text += textOf(item);
  }
  return text;
}
