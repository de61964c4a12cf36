import { env } from 'node:process';
import { defineConfig } from 'vitest/config';
import { plainCount } from './test/support/plain-count.ts';

/** Wait most of the time, for a broker, a program or a time-out. */
const waiting = ['cli', 'faults', 'integration', 'kafka'].map((folder) => `test/${folder}/**/*.test.ts`);
/** How many of those at a time: on Apache Kafka they wait less, and it works beside them. */
const waitingAtOnce = env['KAFKA_BROKERS'] === undefined ? 4 : 3;
/** Measure a program's time, processor time or memory: alone on the machine, one after another. */
const measuring = ['figures', 'file-memory', 'memory'].map((name) => `test/integration/${name}.test.ts`);

export default defineConfig({
  test: {
    reporters: ['default', plainCount],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**', 'actions/**'] },
    // One group after the other.
    projects: [
      {
        extends: true,
        test: {
          name: 'computing',
          include: ['test/**/*.test.ts'],
          exclude: waiting,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'waiting',
          include: waiting,
          exclude: measuring,
          maxWorkers: waitingAtOnce,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: { name: 'measuring', include: measuring, maxWorkers: 1, sequence: { groupOrder: 3 } },
      },
    ],
  },
});
