import { expect, it } from 'vitest';
import { circumstancesOf } from '../../src/api/circumstances.ts';
import { readSettings } from '../../src/config/environment.ts';
import { sourcePlace } from '../../src/connector/endpoints.ts';

it('the group is that of the source, also of a process for one destination', () => {
  const settings = readSettings({ KAFKA_BROKERS: 'kafka:9092', KAFKA_TOPICS: 'events', KAFKA_GROUP_ID: 'shop' });
  const mappings = { active: () => [] };
  for (const [share, group] of [[undefined, 'shop'] as const, ['web', 'shop-web'] as const]) {
    const options = { settings, version: '1.2.3', source: 'kafka', share, mappings, now: Date.now };
    expect(circumstancesOf(options, 0, 'topic:letters').group).toBe(group);
    expect(sourcePlace({ settings, source: 'kafka', ...(share !== undefined && { share }) }).group).toBe(group);
  }
});
