import { createWriteStream, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/server.ts';
import { startConnector } from '../support/connector-process.ts';
import { ended } from '../support/resident-memory.ts';

/** 15,000 take some minutes on a busy machine. */
const ids = Number(process.env['MANY_AUDIENCES'] ?? 3_000);
const knownIds = Math.ceil(ids / 4);
const views = 5_000;

/** Changes of audiences that the events name, and page views behind them. */
function* lines(audienceOf: (index: number) => string): Generator<string> {
  const timestamp = new Date().toISOString();
  for (let index = 0; index < ids; index++) {
    const userId = `customer-${index}`;
    const properties = { audience: audienceOf(index) };
    yield `${JSON.stringify({ type: 'track', event: 'new', messageId: `m-${index}`, timestamp, userId, properties })}\n`;
  }
  for (let index = 0; index < views; index++) {
    const context = { page: { url: 'https://shop.example/' }, userAgent: 'Mozilla/5.0', ip: '203.0.113.7' };
    const event = { type: 'page', messageId: `v-${index}`, timestamp, userId: `visitor-${index}`, context };
    yield `${JSON.stringify(event)}\n`;
  }
}

const subscriptions = [
  {
    name: 'Members',
    action: 'sync-audience',
    trigger: 'type = "track"',
    mapping: { audience_id: { '@path': '$.properties.audience' } },
  },
  { name: 'Views', action: 'page-view', trigger: 'type = "page"' },
];

async function run(
  audienceOf: (index: number) => string,
  known: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const audiences = known.map((id) => ({ id, accountId: '77', name: `audience ${id}` }));
  const sandbox = createSandbox({ keepRequests: 10, audiences, adAccounts: ['77'] });
  const graph = await sandbox.listen();
  onTestFinished(() => sandbox.close());
  const folder = mkdtempSync(join(tmpdir(), 'many-audiences-'));
  const [file, letters] = [join(folder, 'events.ndjson'), join(folder, 'letters.ndjson')];
  await pipeline(Readable.from(lines(audienceOf)), createWriteStream(file));
  const settings = {
    ...{ ad_account_id: '77', pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } },
    ...{ fuse: false, batch: { linger_ms: 20 } },
  };
  const mappings = join(folder, 'crm.json');
  writeFileSync(mappings, JSON.stringify({ name: 'crm', settings, subscriptions }));
  const connector = startConnector({
    arguments: [
      'run',
      '--mappings',
      mappings,
      '--source',
      `file:${file}`,
      '--dead-letters',
      `file:${letters}`,
      '--once',
    ],
    environment: { META_GRAPH_URL: graph, ...environment },
  });
  let metrics = '';
  let over = false;
  const watching = (async () => {
    for (; !over; await sleep(100)) {
      const url = connector.opsUrl();
      if (url !== undefined)
        metrics =
          (await (await fetch(`${url}/metrics`).catch(() => undefined))?.text().catch(() => metrics)) ?? metrics;
    }
  })();
  const { code, peak } = await ended(connector);
  over = true;
  await watching;
  expect(code, connector.log()).toBe(0);
  const events = sandbox.state.events();
  const refused = readFileSync(letters, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).error.code);
  return { peak: Math.round(peak / 1024 / 1024), metrics, views: events.length, refused, sandbox };
}

test(`${ids} unknown audiences that events name cost little memory, no metrics, and hold nothing behind them`, async () => {
  const plain = await run(() => '1', ['1']);
  expect(plain.views).toBe(views);
  expect(plain.sandbox.state.members('1').size).toBe(ids);
  const unknown = await run((index) => `9${index}`, []);
  console.log(
    `${ids} unknown audiences: peak ${unknown.peak} MB, with one known audience ${plain.peak} MB; /metrics ${unknown.metrics.length} and ${plain.metrics.length} characters; ${unknown.refused.length} letters`,
  );
  expect(unknown.views).toBe(views);
  expect(unknown.refused).toEqual(Array.from({ length: ids }, () => 'META_100_33'));
  expect(unknown.metrics.length).toBeLessThan(plain.metrics.length + 5_000);
  expect(unknown.metrics).not.toMatch(/9\d{3,}"/);
  // Not more for more of them: of 15,000 it is the same (MANY_AUDIENCES). Two heaps differ by what the collector has not come to.
  expect(unknown.peak - plain.peak).toBeLessThan(100);
}, 300_000);

test(`changes of ${knownIds} audiences that events name all arrive, with lanes for 100 of them at a time`, async () => {
  const known = await run(
    (index) => `8${index % knownIds}`,
    Array.from({ length: knownIds }, (_, index) => `8${index}`),
    { MAX_AUDIENCES: '100' },
  );
  console.log(`${knownIds} known audiences: peak ${known.peak} MB; /metrics ${known.metrics.length} characters`);
  expect(known.views).toBe(views);
  expect(known.refused).toEqual([]);
  for (let index = 0; index < knownIds; index++)
    expect(known.sandbox.state.members(`8${index}`).size).toBe(ids / knownIds);
  // As an id or at the end of a name; a bound of a histogram has more digits.
  expect(known.metrics).not.toMatch(/[ "]8\d{1,3}"/);
}, 300_000);
