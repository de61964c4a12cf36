/** What lowers the match rate of events that Meta accepts without complaint. Counted per event and key. */
export interface Diagnostics {
  count(name: DiagnosticName, key: string): void;
  counts(): Readonly<Record<DiagnosticName, Readonly<Record<string, number>>>>;
  clear(): void;
}

/**
 * - `not_hashed`: an identifier that should be a SHA-256 and isn't, by key.
 * - `unknown_user_data`: a key of user_data that no page of Meta's names.
 * - `website_without`: a website event without a parameter that the documentation requires.
 * - `without`: an event without a parameter that every event should have.
 */
const names = ['not_hashed', 'unknown_user_data', 'website_without', 'without'] as const;

type DiagnosticName = (typeof names)[number];

/** Keys come from the client, so their number is bounded. */
const maxKeys = 200;

export function createDiagnostics(): Diagnostics {
  const groups = new Map<DiagnosticName, Map<string, number>>(names.map((name) => [name, new Map()]));
  return {
    count(name, key) {
      const group = groups.get(name);
      if (group === undefined) return;
      const bounded = group.has(key) || group.size < maxKeys ? key : '(more)';
      group.set(bounded, (group.get(bounded) ?? 0) + 1);
    },
    counts() {
      const of = (name: DiagnosticName) => Object.fromEntries(groups.get(name) ?? []);
      return {
        not_hashed: of('not_hashed'),
        unknown_user_data: of('unknown_user_data'),
        website_without: of('website_without'),
        without: of('without'),
      };
    },
    clear() {
      for (const group of groups.values()) group.clear();
    },
  };
}
