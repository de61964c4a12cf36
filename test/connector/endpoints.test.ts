import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSettings } from '../../src/config/environment.ts';
import { createMembersTopic, createSource } from '../../src/connector/endpoints.ts';
import { systemClock } from '../../src/connector/system-clock.ts';

test('a source file tells why its position could not be saved', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'places-'));
  const path = join(folder, 'events.ndjson');
  writeFileSync(path, '{}\n');
  const warnings: string[] = [];
  const warn = (code: string, message: string) => void warnings.push(`${code} ${message}`);
  const source = createSource({ settings: readSettings({}), source: `file:${path}` }, [], systemClock, warn, {
    valueOfLine: () => undefined,
  });
  let assigned: { readonly topic: string; readonly partition: number; readonly epoch: number } | undefined;
  await source.start({
    assigned: ([one], epoch) => {
      if (one !== undefined) assigned = { topic: one.topic, partition: one.partition, epoch };
    },
    lost: () => undefined,
    batch: () => undefined,
    finished: () => undefined,
    failed: () => undefined,
  });
  if (assigned === undefined) expect.fail('nothing was assigned');
  rmSync(folder, { recursive: true });
  expect(await source.commit([{ ...assigned, offset: 3 }])).toBe('failed');
  expect(warnings).toEqual([expect.stringContaining(`POSITION_FILE_UNWRITABLE The position file ${path}.offset`)]);
  await source.stop();
});

test('members tell of themselves only where it is asked for, and where the group gives a topic its name', async () => {
  const topicOf = (environment: Readonly<Record<string, string>>, source = 'kafka') => {
    const settings = readSettings({ KAFKA_BROKERS: '127.0.0.1:1', ...environment });
    return createMembersTopic({ settings, source }, systemClock);
  };
  expect(topicOf({})).toBeUndefined();
  expect(topicOf({ KAFKA_MEMBERS: 'true' }, 'file:events.ndjson')).toBeUndefined();
  expect(() => topicOf({ KAFKA_MEMBERS: 'true', KAFKA_GROUP_ID: 'a group' })).toThrow(
    /KAFKA_MEMBERS.*a group\.members/,
  );
  const topic = topicOf({ KAFKA_MEMBERS: 'true' });
  expect(topic).toBeDefined();
  await topic?.close();
});
