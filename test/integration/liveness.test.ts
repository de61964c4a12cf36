import { createWriteStream, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/server.ts';
import { purchaseMappings, startConnector } from '../support/connector-process.ts';

const phonesOf = (count: number) => Array.from({ length: count }, (_, index) => String(6_502_530_000 + index));

function order(id: string, phones: readonly string[], note = ''): string {
  return JSON.stringify({
    type: 'track',
    event: 'Order Completed',
    messageId: id,
    userId: id,
    timestamp: new Date().toISOString(),
    context: { traits: { phone: phones } },
    properties: { order_id: id, total: 9.5, currency: 'EUR', note },
  });
}

interface Waits {
  readonly answers: number;
  readonly longest: number;
  /** From the first question to the last answer. */
  readonly whole: number;
}

/** Asks /livez again and again until nobody answers: in a thread, since this one has to be Meta. */
function ask(url: string): Promise<Waits> {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    (async () => {
      const begun = performance.now();
      let answers = 0, longest = 0, last = begun;
      for (;;) {
        const asked = performance.now();
        const answer = await fetch(workerData, { signal: AbortSignal.timeout(60_000) }).then((one) => one.text(), () => undefined);
        if (answer === undefined) break;
        last = performance.now();
        answers += 1;
        longest = Math.max(longest, last - asked);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      parentPort.postMessage({ answers, longest, whole: last - begun });
    })();`;
  const worker = new Worker(code, { eval: true, workerData: url });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function run(lines: Iterable<string>) {
  const sandbox = createSandbox({ keepRequests: 2, keepEvents: 2 });
  const graph = await sandbox.listen();
  onTestFinished(() => sandbox.close());
  const folder = mkdtempSync(join(tmpdir(), 'liveness-'));
  const file = join(folder, 'orders.ndjson');
  await pipeline(Readable.from(lines), createWriteStream(file));
  const parameters = ['--source', `file:${file}`, '--dead-letters', `file:${join(folder, 'letters.ndjson')}`, '--once'];
  const connector = startConnector({
    arguments: ['run', '--mappings', purchaseMappings(), ...parameters],
    environment: { META_GRAPH_URL: graph },
  });
  await expect.poll(() => connector.opsUrl(), { timeout: 60_000, interval: 5 }).toBeDefined();
  const waits = await ask(`${connector.opsUrl()}/livez`);
  expect(await connector.exited, connector.log()).toBe(0);
  const { answers, longest, whole } = waits;
  console.log(`/livez: ${answers} answers in ${Math.round(whole)} ms, the longest took ${Math.round(longest)} ms`);
  return { waits, arrived: (id: string) => sandbox.state.received(id) };
}

/*
 * How fast this machine is says nothing: what counts is that /livez is answered many times while the work is done, so
 * that the longest wait is a small part of it. A turn of the event loop that held all the work would be all of it.
 */
test('/livez is answered all the time while 1,000 records with lists of 3,000 phone numbers are worked on', async () => {
  const phones = phonesOf(3_000);
  const lines = Array.from({ length: 1_000 }, (_, index) => `${order(`o-${index}`, phones)}\n`);
  const { waits, arrived } = await run(lines);
  for (let index = 0; index < 1_000; index++) expect(arrived(`o-${index}`)).toBe(1);
  expect(waits.answers).toBeGreaterThan(10);
  expect(waits.longest).toBeLessThan(waits.whole / 3);
}, 300_000);

test('/livez is answered beside a record of 14 MB', async () => {
  const large = order('large', phonesOf(3_000), 'n'.repeat(14_000_000));
  const startedAt = performance.now();
  for (let times = 0; times < 5; times++) JSON.parse(large);
  const readTime = (performance.now() - startedAt) / 5;
  const { waits, arrived } = await run([
    `${large}\n`,
    ...Array.from({ length: 50 }, (_, index) => `${order(`o-${index}`, [])}\n`),
  ]);
  expect(arrived('large')).toBe(1);
  // To read it once takes its time; nothing that is done with it may take many times as long.
  expect(waits.longest).toBeLessThan(1_000 + 50 * readTime);
}, 300_000);
