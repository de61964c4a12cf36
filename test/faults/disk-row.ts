import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { own } from '../../src/core/json.ts';
import { createSandbox } from '../../src/sandbox/server.ts';
import { purchaseMappings, startConnector } from '../support/connector-process.ts';
import { orderRecord } from '../support/orders.ts';
import { check } from './checker.ts';
import type { CommitFact, LetterFact, SourceFact } from './evidence.ts';
import type { RowResult } from './row.ts';

const name = 'file: the disk is full for 5 s';
const spareBytes = 4 * 1024 * 1024;
const leftBytes = 128 * 1024;

/** A small file system of its own holds the source, its position and the letters. Mounting it needs root. */
export const diskRow = { name, run: runDiskRow };

async function runDiskRow({ count }: { readonly count: number }): Promise<RowResult> {
  const startedAt = Date.now();
  const records = Array.from({ length: count }, (_, index) => orderRecord('disk', index));
  const source = Buffer.concat(records.flatMap(({ value }) => [value, Buffer.from('\n')]));
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${source.length + spareBytes}`, 'tmpfs', folder]);
  const sandbox = createSandbox({ keepRequests: 10_000, keepRequestBytes: 1, keepEvents: 2 * count });
  const [path, letters, ballast] = ['orders.ndjson', 'letters.ndjson', 'ballast'].map((file) => join(folder, file));
  if (path === undefined || letters === undefined || ballast === undefined) throw new Error('no paths');
  const problems: string[] = [];
  try {
    writeFileSync(path, source);
    writeFileSync(ballast, Buffer.alloc(spareBytes - leftBytes));
    const connector = startConnector({
      arguments: [
        'run',
        '--mappings',
        purchaseMappings(),
        '--source',
        `file:${path}`,
        '--dead-letters',
        `file:${letters}`,
        '--once',
      ],
      environment: { META_GRAPH_URL: await sandbox.listen() },
    });
    const watch = watching(path, letters);
    while (!connector.log().includes('dead_letters_failed')) {
      const ended = await Promise.race([connector.exited, sleep(20, 'running')]);
      if (ended !== 'running') throw new Error(`it ended with ${ended}:\n${connector.log()}`);
    }
    fill(ballast);
    await sleep(5000);
    for (const file of [letters, `${path}.offset`]) {
      if (!connector.log().includes(`${file} lies on a full disk`)) problems.push(`${file} never met the full disk`);
    }
    rmSync(ballast);
    const code = await connector.exited;
    if (code !== 0) problems.push(`it ended with ${code}: ${connector.log().split('\n').at(-2)}`);
    const { commits, sizes } = watch.end();
    const evidence = {
      records: sourceFacts(records),
      arrivals: sandbox.state.events().map(({ event, receivedAt: at }) => ({
        eventId: String(event['event_id']),
        startedAt: at,
        at,
        unanswered: false,
      })),
      letters: lettersIn(letters, sizes),
      commits,
      generations: [],
      interruptions: [],
      ends: new Map([[0, source.length]]),
    };
    const findings = check(evidence, { repetitions: 'never', inOrder: false });
    return {
      ...findings,
      name,
      requests: sandbox.state.summary().requests.total,
      seconds: (Date.now() - startedAt) / 1000,
      problems: [...problems, ...findings.problems],
    };
  } finally {
    await sandbox.close();
    execFileSync('umount', ['-l', folder]);
    rmdirSync(folder);
  }
}

/** Takes what is left of the disk, so that the position can't be written either. */
function fill(path: string): void {
  try {
    for (;;) appendFileSync(path, Buffer.alloc(4096));
  } catch {
    // Full.
  }
}

function sourceFacts(records: readonly ReturnType<typeof orderRecord>[]): readonly SourceFact[] {
  let offset = 0;
  return records.map(({ key, value, eventId, code }) => {
    const fact = { partition: 0, offset, key, ...(eventId !== undefined && { eventId }), ...(code && { code }) };
    offset += value.length + 1;
    return fact;
  });
}

interface Size {
  readonly at: number;
  readonly bytes: number;
}

/** Looks at the position and, after it, at how much there is of the letters. */
function watching(path: string, letters: string) {
  const commits: CommitFact[] = [];
  const sizes: Size[] = [];
  const look = () => {
    const at = Date.now();
    try {
      const offset = Number(own(JSON.parse(readFileSync(`${path}.offset`, 'utf8')), 'offset'));
      if (commits.at(-1)?.offset !== offset) commits.push({ partition: 0, offset, at });
      sizes.push({ at, bytes: statSync(letters).size });
    } catch {
      // Not there yet.
    }
  };
  const timer = setInterval(look, 25);
  return {
    end() {
      clearInterval(timer);
      look();
      return { commits, sizes };
    },
  };
}

function lettersIn(path: string, sizes: readonly Size[]): readonly LetterFact[] {
  let end = 0;
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    end += Buffer.byteLength(line) + 1;
    const letter: unknown = JSON.parse(line);
    const at = sizes.find(({ bytes }) => bytes >= end)?.at ?? Number.POSITIVE_INFINITY;
    const code = String(own(own(letter, 'error'), 'code'));
    return { partition: 0, offset: Number(own(letter, 'offset')), code, at };
  });
}
