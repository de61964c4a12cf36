import type { Admin } from 'kafkajs';
import { ConnectorError } from '../../core/errors.ts';
import { hostTopic } from './parking-topic-names.ts';

/** A pattern as it is written in a list of topics: `/shop\..+/`. Anchored: it must match the whole name. */
function patternOf(written: string): RegExp | undefined {
  if (!(written.length > 2 && written.startsWith('/') && written.endsWith('/'))) return undefined;
  try {
    return new RegExp(`^(?:${written.slice(1, -1)})$`);
  } catch {
    throw new ConnectorError('KAFKA_TOPICS', `KAFKA_TOPICS: ${written} is no valid regular expression`);
  }
}

/**
 * The names that a list of names and `/patterns/` stands for on this cluster, sorted. Patterns never take topics whose
 * name begins with `__`, nor those in `excluded` (our own dead letters), nor parking topics.
 *
 * Throws a `ConnectorError` when a name doesn't exist, or is excluded, or nothing matches a pattern.
 */
export async function resolveTopics(
  admin: Admin,
  written: readonly string[],
  excluded: readonly string[] = [],
): Promise<readonly string[]> {
  if (written.length === 0) throw new ConnectorError('KAFKA_TOPICS', 'KAFKA_TOPICS is empty: name at least one topic');
  const existing = await admin.listTopics();
  const parks = (topic: string) => existing.includes(hostTopic(topic) ?? '');
  const resolved = written.flatMap((entry) => {
    const pattern = patternOf(entry);
    if (pattern === undefined) return [namedTopic(entry, existing, excluded)];
    const matching = existing.filter(
      (topic) => pattern.test(topic) && !topic.startsWith('__') && !excluded.includes(topic) && !parks(topic),
    );
    if (matching.length > 0) return matching;
    throw new ConnectorError(
      'KAFKA_TOPIC_MISSING',
      `KAFKA_TOPICS: ${entry} fits the whole name of no topic of this cluster`,
    );
  });
  return [...new Set(resolved)].sort();
}

function namedTopic(topic: string, existing: readonly string[], excluded: readonly string[]): string {
  if (excluded.includes(topic)) {
    throw new ConnectorError(
      'KAFKA_TOPICS',
      `KAFKA_TOPICS: ${topic} is the dead-letter topic; reading it would go in circles`,
    );
  }
  if (existing.includes(topic)) return topic;
  throw new ConnectorError(
    'KAFKA_TOPIC_MISSING',
    `KAFKA_TOPICS: the topic ${topic} doesn't exist on this cluster, or may not be described by this user: create it, correct the name, or grant Describe`,
  );
}
