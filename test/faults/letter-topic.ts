import { asAdmin, createTopic } from '../support/kafka-broker.ts';

const letterSettings = {
  'retention.ms': '-1',
  'max.message.bytes': '3000000',
  // The broker's own time tells when a letter was there, whatever its writer says.
  'message.timestamp.type': 'LogAppendTime',
};

const topicResource = 2;

export async function createLetterTopic(brokers: readonly string[], topic: string, partitions: number): Promise<void> {
  await createTopic(brokers, topic, { partitions, settings: letterSettings });
}

/** From now on the topic takes no message, however small, or takes them again. */
export async function refuseLetters(brokers: readonly string[], topic: string, refuse: boolean): Promise<void> {
  const settings = { ...letterSettings, ...(refuse && { 'max.message.bytes': '60' }) };
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const resources = [{ type: topicResource, name: topic, configEntries }];
  await asAdmin(brokers, (admin) => admin.alterConfigs({ validateOnly: false, resources }));
}
