/** Adds an item to a list that begins with its first: an empty one would take room for seventeen with it. */
export function appended<T>(list: T[] | undefined, item: T): T[] {
  if (list === undefined) return [item];
  list.push(item);
  return list;
}
