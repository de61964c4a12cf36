import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ConnectorProcess } from '../support/connector-process.ts';
import { program, programEnvironment } from '../support/program.ts';
import { check } from './checker.ts';
import type { RowResult, RunOptions } from './row.ts';
import { openScene, type Scene } from './scene.ts';

const run = promisify(execFile);

/**
 * Two members of one group, replaced one after the other while events go through: the last release by this one, and back.
 * Both then read the dead letters that both have written.
 *
 * @param earlier The program of the last release.
 */
export async function runUpgrade(earlier: string, { broker, count }: RunOptions): Promise<RowResult> {
  const startedAt = Date.now();
  const name = 'upgrade: the last release and this one, swapped both ways';
  const scene = await openScene({ broker, count, maxEvents: 50 });
  const problems: string[] = [];
  try {
    const members = [await scene.start(earlier), await scene.start(earlier)];
    await scene.fault({ kind: 'latency', millis: 200 });
    for (const next of [program, earlier]) {
      for (const [place, member] of members.entries()) {
        // Each is replaced in the midst of a quarter of the events.
        const produced = scene.produce(count / 4);
        await scene.accepted(count / 40);
        members[place] = await replaced(scene, member, next, problems);
        await produced;
      }
    }
    await scene.fault();
    await scene.settled();
    const exits = await scene.stop();
    if (exits.some((code) => code !== 0)) problems.push(`connectors ended with ${exits.join(', ')}`);
    const evidence = await scene.evidence();
    // At least once is the promise: what was on its way when its partition went to another member may come twice.
    const findings = check(evidence, { repetitions: 'ambiguous', inOrder: false });
    const places = [await letterPlaces(scene, program), await letterPlaces(scene, earlier)];
    const written = new Set(evidence.letters.map(({ partition, offset }) => `${partition}/${offset}`));
    for (const [reader, read] of [['this one', places[0]] as const, ['the last release', places[1]] as const]) {
      if (read?.size !== written.size) problems.push(`${reader} reads ${read?.size} of ${written.size} dead letters`);
    }
    return {
      ...findings,
      name,
      requests: scene.requests(),
      seconds: (Date.now() - startedAt) / 1000,
      problems: [...problems, ...findings.problems],
    };
  } finally {
    await scene.close();
  }
}

async function replaced(scene: Scene, member: ConnectorProcess, next: string, problems: string[]) {
  member.kill('SIGTERM');
  const code = await member.exited;
  if (code !== 0) problems.push(`SIGTERM ended a member with ${code}`);
  scene.interrupted(2_000);
  const started = await scene.start(next);
  scene.interrupted(2_000);
  return started;
}

/** Where the records of the dead letters were read, as this program finds them. */
async function letterPlaces(scene: Scene, reader: string): Promise<ReadonlySet<string>> {
  const { stdout } = await run(
    process.execPath,
    [reader, 'replay', '--dry-run', '--json', '--mappings', scene.mappings],
    {
      maxBuffer: 256 * 1024 * 1024,
      env: programEnvironment({
        KAFKA_BROKERS: scene.broker.brokers.join(','),
        KAFKA_TOPICS: scene.topic,
        KAFKA_GROUP_ID: scene.topic,
        META_ACCESS_TOKEN: 'integration-test-token',
      }),
    },
  );
  const lines = stdout.split('\n').filter((line) => line !== '');
  const letters = lines.flatMap((line): { partition: number; offset: number }[] => JSON.parse(line).letter ?? []);
  return new Set(letters.map(({ partition, offset }) => `${partition}/${offset}`));
}
