import type { Admin } from 'kafkajs';
import { deadLetterConfig, kafkaSourceConfig } from '../../config/kafka.ts';
import type { ProcessSettings } from '../../config/environment.ts';
import { withTokens } from '../../connector/kafka-auth.ts';
import { systemClock } from '../../connector/system-clock.ts';
import { topicOrFile } from '../../connector/topic-or-file.ts';
import { withAdmin } from '../../kafka/client/client.ts';
import { protocolTypesOf } from '../../kafka/client/errors.ts';
import { askPermissions, type Permissions } from '../../kafka/client/permissions.ts';
import { messageBytesOf, neededMessageBytes, topicSettings } from '../../kafka/client/durable-topic.ts';
import { resolveTopics } from '../../kafka/client/topics.ts';
import { failed, failedBy, type Finding, ok, skipped, warned } from './finding.ts';

/** The paragraphs that say more. */
const docs = {
  broker: 'docs/doctor.md#broker',
  topics: 'docs/doctor.md#topics',
  'consumer group': 'docs/doctor.md#consumer-group',
  'dead-letter topic': 'docs/doctor.md#dead-letter-topic',
};
type Check = keyof typeof docs;

/**
 * The way to the cluster, the topics, the consumer group and the dead-letter topic, and what this user may do with them.
 * Nothing is created, joined or committed: brokers are asked what they permit.
 *
 * @param deadLetters As `run --dead-letters`.
 */
export async function kafkaFindings(settings: ProcessSettings, deadLetters = 'topic:'): Promise<readonly Finding[]> {
  let source: ReturnType<typeof sourceOf>;
  try {
    source = sourceOf(settings);
  } catch (error) {
    return [failedBy('broker', error, docs.broker)];
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
      failedBy('broker', error, docs.broker),
      ...['topics', 'consumer group', 'dead-letter topic'].map((check) => skipped(check, 'the broker is not reached')),
    ];
  }

  const topic = deadLetters.startsWith('topic:')
    ? deadLetterConfig(settings, deadLetters.slice('topic:'.length)).topic
    : undefined;
  let names: readonly string[] = [];
  let permissions = nothingKnown;
  found.push(
    await asFinding('topics', async () => {
      names = await onCluster((admin) => resolveTopics(admin, topics, excludedTopics));
      // A broker that can't be asked permits nothing less.
      permissions = await askPermissions(source, {
        topics: topic === undefined ? names : [...names, topic],
        groupId,
      }).catch(() => nothingKnown);
      return topicsFinding(names, permissions);
    }),
    await asFinding('consumer group', () => onCluster((admin) => groupFinding(admin, groupId, names, permissions))),
    await asFinding('dead-letter topic', async () => {
      if (topic !== undefined) return onCluster((admin) => deadLetterFinding(admin, topic, names, permissions));
      topicOrFile(deadLetters, '--dead-letters');
      return skipped('dead-letter topic', `dead letters go to ${deadLetters}`);
    }),
  );
  return found;
}

const nothingKnown: Permissions = { topics: new Map(), group: undefined };

function sourceOf(settings: ProcessSettings) {
  return withTokens(kafkaSourceConfig(settings), systemClock);
}

async function asFinding(check: Check, ask: () => Promise<Finding>): Promise<Finding> {
  try {
    return await ask();
  } catch (error) {
    return failedBy(check, error, docs[check]);
  }
}

function topicsFinding(names: readonly string[], permissions: Permissions): Finding {
  const check = 'topics';
  const unread = names.filter((name) => permissions.topics.get(name)?.has('read') === false);
  if (unread.length > 0) {
    const message = `this user may not read ${unread.join(', ')}`;
    return failed(check, { code: 'KAFKA_TOPIC_REFUSED', message, fix: grant('Read on the topic') }, docs.topics);
  }
  const isKnown = names.every((name) => permissions.topics.has(name));
  return ok(
    check,
    `${names.join(', ')}${isKnown ? ': may be read' : '; the broker does not tell whether they may be read'}`,
  );
}

async function groupFinding(
  admin: Admin,
  groupId: string,
  topics: readonly string[],
  permissions: Permissions,
): Promise<Finding> {
  const check = 'consumer group';
  if (topics.length === 0) return skipped(check, 'no topic is known');
  if (permissions.group?.has('read') === false) {
    const message = `this user may not join the group ${groupId}`;
    return failed(check, { code: 'KAFKA_GROUP_REFUSED', message, fix: grant('Read on the group') }, docs[check]);
  }
  const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
  const partitions = committed.flatMap(({ partitions: each }) => each);
  const known = partitions.filter(({ offset }) => Number(offset) >= 0).length;
  const where = known === 0 ? 'no position yet' : `positions of ${known} of ${partitions.length} partitions`;
  return ok(check, `${groupId}: ${where}`);
}

function grant(what: string): string {
  return `grant ${what} to this user (kafka-acls --add), or use another user`;
}

/** Only whether it could be created: nothing is. */
async function creationFinding(admin: Admin, topic: string): Promise<Finding> {
  const check = 'dead-letter topic';
  try {
    await admin.createTopics({ validateOnly: true, waitForLeaders: false, topics: [{ topic }] });
    return ok(check, `${topic} isn't there yet: the connector creates it when it starts`);
  } catch (error) {
    if (!protocolTypesOf(error).has('TOPIC_AUTHORIZATION_FAILED')) {
      return ok(check, `${topic} isn't there yet: the connector creates it when it starts, if this user may`);
    }
    const message = `${topic} isn't there, and this user may not create it`;
    const fix = `create it with cleanup.policy=delete and retention.ms=-1, or ${grant('Create on the topic')}`;
    return failed(check, { code: 'DEAD_LETTER_TOPIC', message, fix }, docs[check]);
  }
}

/** @param sources The topics that are read. */
export async function deadLetterFinding(
  admin: Admin,
  topic: string,
  sources: readonly string[],
  permissions: Permissions,
): Promise<Finding> {
  const check = 'dead-letter topic';
  if (!(await admin.listTopics()).includes(topic)) return creationFinding(admin, topic);
  if (permissions.topics.get(topic)?.has('write') === false) {
    const message = `this user may not write to ${topic}`;
    return failed(check, { code: 'DEAD_LETTER_TOPIC', message, fix: grant('Write on the topic') }, docs[check]);
  }
  const settings = await topicSettings(admin, topic);
  if (settings === undefined) return ok(check, `${topic} is there; its settings may not be read`);
  const policy = settings.get('cleanup.policy') ?? '';
  if (policy.includes('compact')) {
    const message = `${topic} is compacted (cleanup.policy=${policy}): dead letters with the same key replace each other`;
    const fix = 'set cleanup.policy to delete, or name another topic';
    return failed(check, { code: 'DEAD_LETTER_TOPIC', message, fix }, docs[check]);
  }
  const limits = ['retention.ms', 'retention.bytes'].filter((name) => (settings.get(name) ?? '-1') !== '-1');
  if (limits.length === 0) {
    const [taken, needed] = [messageBytesOf(settings), await neededMessageBytes(admin, sources)];
    if (taken === undefined || needed === undefined || taken >= needed) return ok(check, `${topic} keeps everything`);
    const message = `${topic} takes ${taken} bytes, the largest source record may need ${needed}: larger values are left out of their dead letters`;
    return warned(check, { code: 'DEAD_LETTER_SIZE', message, fix: 'raise max.message.bytes' }, docs[check]);
  }
  const shown = limits.map((name) => `${name}=${settings.get(name)}`).join(', ');
  const message = `${topic} deletes dead letters by itself (${shown})`;
  const fix = `set ${limits.join(' and ')} to -1`;
  return warned(check, { code: 'DEAD_LETTER_RETENTION', message, fix }, docs[check]);
}
