import { execFile, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freshGroup, type Reading } from '../harness/product.ts';
import { type Program, startProgram } from '../harness/program.ts';
import { scratch } from '../harness/scratch.ts';
import { Unmeasured } from '../harness/unmeasured.ts';

const run = promisify(execFile);
const folder = resolve(import.meta.dirname, 'go');

/** Builds the stream of Benthos (bench/peers/go) from its own module file; `go` is where Go may be found. */
export async function builtBenthos(go = 'go'): Promise<string> {
  if (spawnSync(go, ['version']).status !== 0) {
    throw new Unmeasured('Go is missing, which builds bench/peers/go (https://go.dev/dl; 1.25.2 or newer)');
  }
  const program = join(scratch('benthos'), 'benthos');
  await run(go, ['build', '-o', program, '.'], { cwd: folder });
  return program;
}

export function startBenthos(program: string, reading: Reading, sinkUrl: string): Program {
  return startProgram({
    command: program,
    arguments: [],
    environment: { PEER_SOURCE: 'kafka', SINK_URL: sinkUrl, ...readingEnvironment(reading) },
  });
}

/** What it would send for each of these events, in any order. */
export async function benthosBodies(program: string, events: readonly string[]): Promise<readonly string[]> {
  const running = run(program, [], { env: { PEER_SOURCE: 'stdin' }, maxBuffer: 64 * 1024 ** 2 });
  running.child.stdin?.end(`${events.join('\n')}\n`);
  const { stdout } = await running;
  return stdout.trim().split('\n');
}

export function startSegment(perRequest: 1 | 1000, reading: Reading, sinkUrl: string): Program {
  return startProgram({
    arguments: ['bench/peers/segment-program.ts'],
    environment: {
      SEGMENT_PER_REQUEST: String(perRequest),
      SINK_URL: sinkUrl,
      ...readingEnvironment(reading),
    },
  });
}

function readingEnvironment({ broker, topic }: Reading): Readonly<Record<string, string>> {
  return { KAFKA_BROKERS: broker.addresses.join(','), KAFKA_TOPICS: topic, KAFKA_GROUP_ID: freshGroup() };
}
