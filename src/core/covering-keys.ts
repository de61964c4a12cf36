import { type AudienceChange, type AudienceTarget, targetKey } from './audience.ts';

/** A change, of which the identifiers may be known by their hashes. */
type SomeChange = Pick<AudienceChange, 'user' | 'operation'> & { readonly identifiers: readonly (string | number)[] };

/** The keys that a change is seen by. */
export function ownKeys(target: AudienceTarget, { user, operation, identifiers }: SomeChange): readonly string[] {
  const audience = targetKey(target);
  if (operation === 'replace') return [`${audience}\nany`, `${audience}\nreplace`];
  return [
    `${audience}\nany`,
    `${audience}\nuser ${user}`,
    ...identifiers.map((value) => `${audience}\n${operation} ${value}`),
  ];
}

/** Of each way in which this one is covered: the keys that newer changes must be seen by. A replacement would undo whatever came after it. */
export function coveringKeys(
  target: AudienceTarget,
  { user, operation, identifiers }: SomeChange,
): readonly (readonly string[])[] {
  const audience = targetKey(target);
  if (operation === 'replace') return [[`${audience}\nany`]];
  const opposite = operation === 'add' ? 'remove' : 'add';
  return [
    [`${audience}\nreplace`],
    operation === 'add' ? [`${audience}\nuser ${user}`] : identifiers.map((value) => `${audience}\nremove ${value}`),
    ...identifiers.map((value) => [`${audience}\n${opposite} ${value}`]),
  ];
}
