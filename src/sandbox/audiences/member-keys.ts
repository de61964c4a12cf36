/**
 * How a user is known, as one short string per key: a prefix of one letter for its kind, then the value. Hashes are
 * packed to 32 characters, so that a million users fit into memory. The prefixes are in the order in which a key names a
 * user.
 */
const kinds = [
  ['a', 'EXTERN_ID'],
  ['b', 'EMAIL'],
  ['c', 'PHONE'],
  ['d', 'MADID'],
  ['e', 'PAGEUID'],
  ['f', 'APPUID'],
  ['g', 'UID'],
  ['z', 'COMBINATION'],
] as const;

export type KeyKind = (typeof kinds)[number][1];

const prefixes = new Map<string, string>(kinds.map(([prefix, kind]) => [kind, prefix]));
const names = new Map<string, KeyKind>(kinds.map(([prefix, kind]) => [prefix, kind]));
const packed: ReadonlySet<KeyKind> = new Set<KeyKind>(['EMAIL', 'PHONE']);
const hashBytes = 32;
const scratch = Buffer.alloc(1 + hashBytes);

/** `value` of an e-mail or phone must be 64 hex digits; everything else is taken as it is. */
export function memberKey(kind: KeyKind, value: string): string {
  const prefix = prefixes.get(kind) ?? '';
  if (!packed.has(kind)) return prefix + value;
  scratch.write(prefix, 0, 1, 'latin1');
  scratch.write(value, 1, hashBytes, 'hex');
  return scratch.toString('latin1');
}

export function keyKind(key: string): KeyKind {
  return names.get(key.charAt(0)) ?? 'COMBINATION';
}

/** The value that the key was made from. */
export function keyValue(key: string): string {
  const rest = key.slice(1);
  return packed.has(keyKind(key)) ? Buffer.from(rest, 'latin1').toString('hex') : rest;
}

/** The first that is present names the user: external id, e-mail, phone, advertising id, page-scoped id. */
export function inNamingOrder(keys: Iterable<string>): string[] {
  return [...keys].sort((a, b) => a.charCodeAt(0) - b.charCodeAt(0));
}
