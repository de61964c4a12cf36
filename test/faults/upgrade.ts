/**
 * Swaps the last release and this one under load, on an Apache Kafka of its own, and fails when something is lost.
 *
 *     npm run upgrade                      20,000 events, beside the release whose writings test/fixtures/releases keeps
 *     npm run upgrade -- --from v0.2.0     beside another commit
 *
 * Needs git with the history, Java 17 and Maven.
 */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { earlierProduct } from '../../bench/harness/earlier.ts';
import { startFaultBroker } from './fault-broker.ts';
import { runUpgrade } from './upgrade-row.ts';

const { values } = parseArgs({ options: { from: { type: 'string' }, count: { type: 'string', default: '20000' } } });
const commit = present(values.from ?? lastRelease());
const { folder, name } = earlierProduct(commit);
console.log(`the last release is ${name}`);
const broker = await startFaultBroker(1);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void broker.stop().finally(() => process.exit(1)));
}
try {
  const result = await runUpgrade(join(folder, 'bin/meta-actions.js'), { broker, count: Number(values.count) });
  const { events, requests, repeated, letters, commits, seconds, problems } = result;
  console.log(
    `${events} events, ${requests} requests, ${repeated} repeated, ${letters} dead letters, ${commits} commits, ${seconds.toFixed(1)} s: ${problems.length === 0 ? 'holds' : 'BROKEN'}`,
  );
  for (const problem of problems) console.log(`    ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await broker.stop();
}

/** The newest of those whose writings are kept. */
function lastRelease(): string {
  const kept = globSync('*/about.json', { cwd: resolve(import.meta.dirname, '../fixtures/releases') })
    .map((path) => JSON.parse(readFileSync(resolve(import.meta.dirname, '../fixtures/releases', path), 'utf8')))
    .toSorted((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
  return kept.at(-1).commit;
}

/** Says so at once where this clone doesn't have it. */
function present(revision: string): string {
  try {
    return execFileSync('git', ['rev-parse', '--verify', `${revision}^{commit}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    console.error(`upgrade: ${revision} is not in this clone, so there is no earlier program: git fetch --unshallow`);
    process.exit(1);
  }
}
