/**
 * Keeps what a release writes, so that later ones are held to reading it: mappings with their tests, a file's position,
 * dead letters and marks in files and as messages of Kafka, parked records, and what is committed beside an offset. All
 * of it is written by the program of that commit, not by this one.
 *
 *     node scripts/release-fixtures.ts             of HEAD, as scripts/release.sh does
 *     node scripts/release-fixtures.ts 5a70bcd     of another commit
 *
 * Needs git with the history. Writes test/fixtures/releases/VERSION; test/releases reads it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { earlierProduct } from '../bench/harness/earlier.ts';

const root = resolve(import.meta.dirname, '..');
const commit = execFileSync('git', ['rev-parse', process.argv[2] ?? 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
const { folder } = earlierProduct(commit);
const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const kept = join(root, 'test/fixtures/releases', version);

rmSync(kept, { recursive: true, force: true });
mkdirSync(kept, { recursive: true });
for (const part of ['mappings', 'examples/events', 'examples/sources']) {
  cpSync(join(folder, part), join(kept, part), { recursive: true });
}
write('about.json', { version, commit });
write('kafka.json', await kafkaTexts());
await runOverFile();
console.log(`wrote ${kept}`);

function write(name: string, value: unknown): void {
  writeFileSync(join(kept, name), `${JSON.stringify(value, null, 2)}\n`);
}

/** A dead letter, a parked record and a commit, as the release hands them to Kafka; bytes in base64. */
async function kafkaTexts() {
  const module = (path: string) => import(join(folder, 'src', path));
  const { messageOfDeadLetter } = await module('kafka/dead-letters/dead-letter-message.ts');
  const { deadLetterKey } = await module('core/dead-letter-key.ts');
  const { messageOfParked } = await module('kafka/parking/parked-message.ts');
  const { printMetadata, fingerprintOf } = await module('pipeline/partition/commit-metadata.ts');
  const { printCommitText } = await module('kafka/consumer/topic-logs.ts');
  const { subscriptionKey } = await module('core/subscription-key.ts');
  const record = {
    ...{ topic: 'orders', partition: 3, offset: 41, next: 42, timestamp: 1_700_000_000_000 },
    ...{ key: Buffer.from('k-1'), value: Buffer.from('{"type":"track","event":"Order Completed"}') },
    headers: { traceparent: Buffer.from('00-1-2-01'), empty: null, twice: [Buffer.from('a'), Buffer.from('b')] },
  };
  const failure = {
    ...{ code: 'META_100_2804003', message: 'Too old.', field: 'event_time', entries: 'userListAdd[3,7-9]' },
    meta: { status: 400, fbtraceId: 'AbC' },
  };
  const of = { destination: 'shop', subscription: 'orders' };
  const deadLetter = {
    ...{ record, failure, ...of, action: 'purchase', eventId: 'e-1', attempts: 2, at: 1_700_000_100_000 },
    people: ['0123456789abcdef'],
  };
  const name = fingerprintOf(subscriptionKey(of.destination, of.subscription));
  const metadata = printMetadata(100, { done: new Map([[name, { to: 120, holes: [105, 110] }]]), clean: false });
  return {
    deadLetter: inBase64(messageOfDeadLetter(deadLetter, { connectorName: 'meta-actions', taskId: '0' }, 'all')),
    deadLetterKey: deadLetterKey(deadLetter),
    parked: inBase64(messageOfParked({ record, ...of, lanes: ['audience 7'] }, 'group')),
    commit: { offset: 100, text: printCommitText('bG9n', metadata) },
  };
}

/** A message with its bytes as text. */
function inBase64(message: object): unknown {
  return JSON.parse(JSON.stringify(message), (_, value) =>
    value?.type === 'Buffer' ? { base64: Buffer.from(value.data).toString('base64') } : value,
  );
}

/**
 * A run over three orders, two of which are refused; a replay of one of those, which is refused again; and one more order
 * behind what was read.
 */
async function runOverFile(): Promise<void> {
  const order = (id: string, total?: string) =>
    `${JSON.stringify({
      ...{ type: 'track', event: 'Order Completed', messageId: id, userId: `user-${id}` },
      context: { ip: '203.0.113.9', userAgent: 'Mozilla/5.0', page: { url: 'https://shop.example/' } },
      properties: { order_id: id, ...(total !== undefined && { total, currency: 'EUR' }) },
    })}\n`;
  const orders = join(kept, 'orders.ndjson');
  writeFileSync(orders, [order('one', '10.00'), order('two'), order('three')].join(''));
  const sandbox = spawn(process.execPath, [join(folder, 'bin/meta-actions.js'), 'sandbox', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [printed] = await once(sandbox.stdout, 'data');
    const graph = /http:\/\/\S+/.exec(String(printed))?.[0];
    if (graph === undefined) throw new Error(`the sandbox said: ${printed}`);
    const mappings = ['--mappings', join(kept, 'mappings/web-store.json')];
    program(graph, 'run', ...mappings, '--source', `file:${orders}`, '--once');
    const one = ['--from', `file:${orders}.dead-letters.ndjson`, '--limit', '1'];
    program(graph, 'replay', ...mappings, ...one, '--source', `file:${orders}`);
  } finally {
    sandbox.kill('SIGKILL');
  }
  appendFileSync(orders, order('four', '20.00'));
}

function program(graph: string, ...parameters: readonly string[]): void {
  execFileSync(process.execPath, [join(folder, 'bin/meta-actions.js'), ...parameters], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      META_GRAPH_URL: graph,
      META_ACCESS_TOKEN: 'release-fixtures-token',
      OPS_PORT: '0',
      LOG_LEVEL: 'warn',
    },
  });
}
