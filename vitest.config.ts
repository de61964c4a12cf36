import { defineConfig } from 'vitest/config';
import { plainCount } from './test/support/plain-count.ts';

/** Wait most of the time, for a broker, a program or a time-out. */
const waiting = ['cli', 'faults', 'integration', 'kafka'].map((folder) => `test/${folder}/**/*.test.ts`);
/** Measure a program's time, processor time or memory: alone on the machine, one after another. */
const measuring = ['figures', 'memory'].map((name) => `test/integration/${name}.test.ts`);

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
        test: { name: 'waiting', include: waiting, exclude: measuring, maxWorkers: 4, sequence: { groupOrder: 2 } },
      },
      {
        extends: true,
        test: { name: 'measuring', include: measuring, maxWorkers: 1, sequence: { groupOrder: 3 } },
      },
    ],
  },
});
