import type { Admin } from 'kafkajs';
import { parkingTopic } from '../client/parking-topic-names.ts';
import { resolveTopics } from '../client/topics.ts';
import type { SourceSettings } from './source-config.ts';

export interface TopicsToRead {
  readonly topics: readonly string[];
  /** Those of them in which records of ours are parked. */
  readonly parking: ReadonlySet<string>;
}

/** The topics of the settings, and beside them the parking topics of their records. */
export async function topicsToRead(admin: Admin, settings: SourceSettings): Promise<TopicsToRead> {
  const { parkedFor } = settings;
  const topics = await resolveTopics(admin, settings.topics, settings.excludedTopics);
  const existing = parkedFor.length === 0 ? [] : await admin.listTopics();
  const possible = topics.flatMap((topic) => parkedFor.map((destination) => parkingTopic(topic, destination)));
  const parking = new Set(possible.filter((topic) => existing.includes(topic)));
  return { topics: [...topics, ...parking], parking };
}
