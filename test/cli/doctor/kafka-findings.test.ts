import type { Admin } from 'kafkajs';
import { expect, it } from 'vitest';
import { deadLetterFinding } from '../../../src/cli/doctor/kafka-findings.ts';

/** A cluster whose topics take messages of so many bytes. */
function adminOf(bytes: Readonly<Record<string, number>>): Admin {
  const settings = (name: string) => [
    { configName: 'retention.ms', configValue: '-1' },
    { configName: 'max.message.bytes', configValue: String(bytes[name]) },
  ];
  return {
    listTopics: async () => Object.keys(bytes),
    describeConfigs: async ({ resources }: { resources: readonly { name: string }[] }) => ({
      resources: resources.map(({ name }) => ({ configEntries: settings(name) })),
    }),
  } as unknown as Admin;
}

it('warns of a dead-letter topic that takes less than the largest source record may need', async () => {
  const permissions = { topics: new Map(), group: undefined };
  const found = async (letters: number) =>
    deadLetterFinding(
      adminOf({ orders: 1_000_000, visits: 5_000_000, letters }),
      'letters',
      ['orders', 'visits'],
      permissions,
    );
  const needed = 5_000_000 + 1024 * 1024;
  expect(await found(needed)).toMatchObject({ status: 'ok' });
  expect(await found(needed - 1)).toMatchObject({
    status: 'warning',
    code: 'DEAD_LETTER_SIZE',
    message: expect.stringContaining(String(needed)),
    fix: 'raise max.message.bytes',
  });
});
