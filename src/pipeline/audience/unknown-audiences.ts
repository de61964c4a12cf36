import type { Failure } from '../../core/outcome.ts';

/** Audiences that events have named and Meta doesn't know, for a minute and in a bounded number. */
export interface UnknownAudiences {
  add(key: string, failure: Failure): void;
  /** Why nothing is to be sent to it; undefined: Meta is to be asked. */
  failureOf(key: string): Failure | undefined;
}

/** For so long Meta isn't asked again: a source that is wrong sends the same id again and again. */
const unknownMillis = 60_000;

/** @param now By the monotonic clock. */
export function createUnknownAudiences(most: number, now: () => number): UnknownAudiences {
  const unknown = new Map<string, { readonly failure: Failure; readonly until: number }>();
  return {
    add(key, failure) {
      unknown.delete(key);
      unknown.set(key, { failure, until: now() + unknownMillis });
      const [oldest] = unknown.keys();
      if (unknown.size > most && oldest !== undefined) unknown.delete(oldest);
    },
    failureOf(key) {
      const found = unknown.get(key);
      if (found !== undefined && now() < found.until) return found.failure;
      unknown.delete(key);
      return undefined;
    },
  };
}
