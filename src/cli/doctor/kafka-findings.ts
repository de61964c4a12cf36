import type { Admin } from 'kafkajs';
import { deadLetterConfig, kafkaSourceConfig } from '../../config/kafka.ts';
import type { ProcessSettings } from '../../config/environment.ts';
import { withTokens } from '../../connector/kafka-auth.ts';
import { systemClock } from '../../connector/system-clock.ts';
import { withAdmin } from '../../kafka/client/client.ts';
import { topicSettings } from '../../kafka/client/durable-topic.ts';
import { resolveTopics } from '../../kafka/client/topics.ts';
import { failed, failedBy, type Finding, ok, skipped, warned } from './finding.ts';

const docs = 'docs/reference/errors.md';

/**
 * The way to the cluster, the topics, the consumer group and the dead-letter topic. Nothing is created, joined or
 * committed, so whether records may be read and dead letters written shows only as far as describing them does.
 */
export async function kafkaFindings(settings: ProcessSettings): Promise<readonly Finding[]> {
  let source: ReturnType<typeof sourceOf>;
  try {
    source = sourceOf(settings);
  } catch (error) {
    return [failedBy('broker', error, 'docs/reference/commands.md')];
  }
  const { topics, excludedTopics, groupId } = source;
  const place = { brokers: source.brokers, groupId, topics };
  const onCluster = <T>(work: (admin: Admin) => Promise<T>) => withAdmin(source, () => undefined, place, work);

  const found: Finding[] = [];
  try {
    const { brokers, isSecure } = await onCluster(async (admin) => {
      const { brokers: nodes } = await admin.describeCluster();
      return { brokers: nodes.length, isSecure: source.ssl !== undefined };
    });
    const how = [isSecure && 'TLS', source.sasl?.mechanism].filter(Boolean).join(', ');
    found.push(ok('broker', `${source.brokers.join(', ')} answers: ${brokers} in the cluster${how && ` (${how})`}`));
  } catch (error) {
    return [
      failedBy('broker', error, docs),
      ...['topics', 'consumer group', 'dead-letter topic'].map((check) => skipped(check, 'the broker is not reached')),
    ];
  }

  let names: readonly string[] = [];
  try {
    names = await onCluster((admin) => resolveTopics(admin, topics, excludedTopics));
    found.push(ok('topics', names.join(', ')));
  } catch (error) {
    found.push(failedBy('topics', error, docs));
  }
  found.push(await asFinding('consumer group', () => onCluster((admin) => groupFinding(admin, groupId, names))));
  const { topic } = deadLetterConfig(settings, '');
  found.push(await asFinding('dead-letter topic', () => onCluster((admin) => deadLetterFinding(admin, topic))));
  return found;
}

function sourceOf(settings: ProcessSettings) {
  return withTokens(kafkaSourceConfig(settings), systemClock);
}

async function asFinding(name: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return failedBy(name, error, docs);
  }
}

async function groupFinding(admin: Admin, groupId: string, topics: readonly string[]): Promise<Finding> {
  if (topics.length === 0) return skipped('consumer group', 'no topic is known');
  const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
  const partitions = committed.flatMap(({ partitions: each }) => each);
  const known = partitions.filter(({ offset }) => Number(offset) >= 0).length;
  const where = known === 0 ? 'no position yet' : `positions of ${known} of ${partitions.length} partitions`;
  return ok('consumer group', `${groupId}: ${where}`);
}

async function deadLetterFinding(admin: Admin, topic: string): Promise<Finding> {
  const check = 'dead-letter topic';
  if (!(await admin.listTopics()).includes(topic)) {
    return ok(check, `${topic} isn't there yet: the connector creates it when it starts, if this user may`);
  }
  const settings = await topicSettings(admin, topic);
  if (settings === undefined) return ok(check, `${topic} is there; its settings may not be read`);
  const policy = settings.get('cleanup.policy') ?? '';
  if (policy.includes('compact')) {
    const message = `${topic} is compacted (cleanup.policy=${policy}): dead letters with the same key replace each other`;
    return failed(check, {
      code: 'DEAD_LETTER_TOPIC',
      message,
      fix: 'set cleanup.policy to delete, or name another topic',
    });
  }
  const limits = ['retention.ms', 'retention.bytes'].filter((name) => (settings.get(name) ?? '-1') !== '-1');
  if (limits.length === 0) return ok(check, `${topic} keeps everything`);
  const shown = limits.map((name) => `${name}=${settings.get(name)}`).join(', ');
  const message = `${topic} deletes dead letters by itself (${shown})`;
  return warned(check, { code: 'DEAD_LETTER_RETENTION', message, fix: `set ${limits.join(' and ')} to -1` });
}
