import type { ReadMessage } from './kafka-broker.ts';

/** What tells two dead letters of a topic apart. */
const identity = ['topic', 'partition', 'offset', 'event-index', 'destination', 'subscription', 'entries', 'hops'];

/**
 * Dead letters as the set that they are (rule 33): one whose acknowledgement was lost, or whose writer was killed, is in
 * the topic twice.
 */
export function lettersOnce(letters: readonly ReadMessage[]): readonly ReadMessage[] {
  const named = letters.map((letter) => {
    const parts = identity.map((name) => String(letter.headers[`meta-actions.${name}`] ?? ''));
    return [JSON.stringify(parts), letter] as const;
  });
  return [...new Map(named.reverse()).values()].reverse();
}
