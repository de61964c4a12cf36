import { globSync, readFileSync } from 'node:fs';
import { env } from 'node:process';
import { defineConfig } from 'vitest/config';
import { closingLine } from './test/support/closing-line.ts';

/*
 * `npm test` runs the two fast projects, `npm run test:all` everything; docs/testing.md says what each is for. Where a
 * file belongs is read from its folder and its text, so that there is no list to forget it in.
 */

const all = globSync('test/**/*.test.ts');
/** Run the program most of the time, or wait for a broker: a handful of whole ways through the product, and the commands. */
const programs = within('cli', 'end-to-end');
/** Measure the memory of a program: alone on the machine. */
const measuring = all.filter((file) => /memory\.test\.ts$/.test(file));
/** In a browser, on the demo. */
const browsing = within('browser');
/** Wait for time-outs and groups of a broker, or play faults. */
const patient = all.filter(
  (file) =>
    ![...programs, ...measuring, ...browsing].includes(file) &&
    (within('integration').includes(file) ||
      /\b(brokerForTests|embeddedBroker|start\w+Broker|openStage|playRows)\b/.test(readFileSync(file, 'utf8'))),
);

function within(...folders: readonly string[]): readonly string[] {
  return all.filter((file) => folders.some((folder) => file.startsWith(`test/${folder}/`)));
}

/** Before every project; it does something once. */
const cleansUp = 'test/support/temporary-folder.ts';
/** Before every file that may hold a property. */
const seedsProperties = 'test/support/property-seed.ts';
const installsBroker = [cleansUp, 'test/support/install-broker.ts'];
/** On Apache Kafka programs wait less, and it works beside them. */
const patientAtOnce = env['KAFKA_BROKERS'] === undefined ? 4 : 3;

export default defineConfig({
  test: {
    reporters: ['default', closingLine],
    // Long, because they are there to end what hangs: how fast the machine is decides nothing.
    testTimeout: 300_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 120_000 } },
    setupFiles: ['test/support/no-patterns-in-objects.ts'],
    coverage: { provider: 'v8', include: ['src/**', 'actions/**'] },
    // One group after the other.
    projects: [
      {
        extends: true,
        test: {
          name: 'fast-units',
          // One load of the modules for all files of a worker: half of the processor time.
          isolate: false,
          globalSetup: [cleansUp],
          setupFiles: [seedsProperties],
          include: ['test/**/*.test.ts'],
          exclude: [...programs, ...patient, ...measuring, ...browsing],
          // One more than there are processors: some wait for timers.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'fast-programs',
          // As above: most of its files call the commands in their own process.
          isolate: false,
          include: [...programs],
          globalSetup: installsBroker,
          maxWorkers: 6,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'release',
          include: patient,
          globalSetup: installsBroker,
          setupFiles: [seedsProperties],
          maxWorkers: patientAtOnce,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'release-alone',
          include: measuring,
          globalSetup: installsBroker,
          maxWorkers: 1,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [...browsing],
          globalSetup: [...installsBroker, 'test/support/built-console.ts'],
          maxWorkers: 1,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
