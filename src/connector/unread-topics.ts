import type { Destination } from '../core/subscription.ts';

/**
 * Subscriptions that no record can reach, because they are for none of the topics that are read: in words. Of a pattern it
 * isn't known here which topics it reads.
 */
export function unreadTopicTexts(read: readonly string[], destinations: readonly Destination[]): readonly string[] {
  if (read.length === 0 || read.some((topic) => topic.startsWith('/'))) return [];
  return destinations.flatMap(({ name, subscriptions }) =>
    subscriptions
      .filter(({ takesTopic }) => takesTopic !== undefined && !read.some((topic) => takesTopic(topic)))
      .map(
        ({ id }) =>
          `subscription ${id} of destination ${name} gets nothing: the topics that it and its destination are for are none of those in KAFKA_TOPICS (${read.join(', ')})`,
      ),
  );
}
