import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectorProcess } from '../support/connector-process.ts';
import { orderRecord } from '../support/orders.ts';
import { check } from './checker.ts';
import type { RowResult, RunOptions } from './row.ts';
import { openScene, type Scene } from './scene.ts';
import type { Workload } from './workload.ts';

const name = 'lanes: one blocked, one healthy';
const healthyPixel = '2222222222';
const blockedPixel = '1111111111';
/** Small enough for the blocked lane to fill it: about 3,500 bytes are held for an event. */
const boundBytes = 64 * 1024 * 1024;
const mebibyte = 1024 * 1024;
const watchMillis = 15_000;

/** The healthy lane's speed beside a blocked one, and what the process holds when nothing more fits. */
export const blockedRow = { name, run: runBlockedRow };

async function runBlockedRow({ broker, count }: RunOptions): Promise<RowResult> {
  const startedAt = Date.now();
  const environment = { MAX_IN_FLIGHT_BYTES: String(boundBytes) };
  const alone = await openScene({ broker, count, workload: ordersTo([healthyPixel]), environment });
  const speedAlone = await speed(alone, count).finally(() => alone.close());
  const both = await openScene({ broker, count, workload: ordersTo([blockedPixel, healthyPixel]), environment });
  try {
    const problems: string[] = [];
    await both.fault({ kind: 'token_expired', match: { path: blockedPixel } });
    const speedBeside = await speed(both, count);
    await both.produce(count);
    const connector = both.connectors()[0];
    while (
      connector !== undefined &&
      !(await readiness(connector)).includes('the limit of records in flight is reached')
    )
      await sleep(100);
    const atBound = await residentBytes(connector, watchMillis);
    const delivered = deliveredTo(both, healthyPixel);
    await both.fault();
    connector?.kill('SIGHUP');
    await both.settled();
    const findings = [];
    for (const pixel of [healthyPixel, blockedPixel]) {
      findings.push(check(await both.evidence(pixel), { repetitions: 'never', inOrder: false }));
    }
    const [first, last] = [median(atBound.slice(0, atBound.length / 3)), median(atBound.slice(-atBound.length / 3))];
    if (last > first * 1.1) problems.push(`memory grew from ${first} to ${last} MB`);
    const [of] = findings;
    if (of === undefined) throw new Error('nothing was checked');
    return {
      ...of,
      name,
      requests: both.requests(),
      seconds: (Date.now() - startedAt) / 1000,
      problems: [...problems, ...findings.flatMap((one) => one.problems)],
      notes: [
        `healthy lane: ${Math.round(speedAlone)} events/s alone, ${Math.round(speedBeside)} beside a blocked one`,
        `the window was full after ${delivered} events of the healthy lane`,
        `resident memory over ${watchMillis / 1000} s at the bound: ${first} MB, then ${last} MB, at most ${Math.max(...atBound)} MB`,
      ],
    };
  } finally {
    await both.close();
  }
}

function ordersTo(pixels: readonly string[]): Workload {
  return {
    // Valid ones only: what is set aside is set aside for each destination.
    record: (run, index) => {
      const order = orderRecord(run, index);
      return order.eventId === undefined ? orderRecord(run, 10_000_001 + 250 * index) : order;
    },
    mappings(batch) {
      const folder = mkdtempSync(join(tmpdir(), 'lanes-'));
      for (const pixel of pixels) {
        const destination = {
          name: `shop-${pixel}`,
          settings: { pixel_id: pixel, access_token: { $env: 'META_ACCESS_TOKEN' }, batch },
          subscriptions: [{ name: 'Orders', action: 'purchase' }],
        };
        writeFileSync(join(folder, `${pixel}.json`), JSON.stringify(destination));
      }
      return folder;
    },
  };
}

/** Events a second at the healthy pixel, from a topic that holds them before the start. */
async function speed(scene: Scene, count: number): Promise<number> {
  await scene.produce(count);
  await scene.start();
  await scene.accepted(count - scene.sandbox.state.summary().events.unique);
  const times = scene.sandbox.state.events().flatMap((one) => (one.dataset === healthyPixel ? [one.receivedAt] : []));
  const millis = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return (1000 * times.length) / Math.max(1, millis);
}

function deliveredTo(scene: Scene, pixel: string): number {
  return scene.sandbox.state.events().filter(({ dataset }) => dataset === pixel).length;
}

async function readiness(connector: ConnectorProcess): Promise<string> {
  return (await fetch(`${connector.opsUrl()}/readyz`)).text();
}

/** Megabytes, ten times a second. */
async function residentBytes(connector: ConnectorProcess | undefined, forMillis: number): Promise<readonly number[]> {
  const samples: number[] = [];
  for (const end = Date.now() + forMillis; Date.now() < end; await sleep(100)) {
    samples.push(Math.round(((await connector?.residentBytes()) ?? 0) / mebibyte));
  }
  return samples;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
