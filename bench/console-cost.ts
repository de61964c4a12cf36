/**
 * What an open console costs: a connector gets 20,000 orders a second on its stdin, by turns without a reader, and with
 * the overview's questions and the live stream. It compares the processor time of an event and the memory of both.
 *
 *     npx node bench/console-cost.ts               about three minutes; needs Linux
 *     npx node bench/console-cost.ts --seconds 5   shorter turns
 *
 * On a machine that is too busy for the rate it says so: what a reader costs a second is then set against the events of a
 * second at the full rate.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startConnector } from '../test/support/connector-process.ts';
import { mappingsOf, productEnvironment, purchases } from './harness/product.ts';
import { scratch } from './harness/scratch.ts';
import { startSink } from './harness/sink-process.ts';
import { median } from './harness/statistics.ts';
import { order, preciseNow } from './shop.ts';

const { values: given } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } });
const turnMillis = Number(given.seconds) * 1_000;
const pairs = 8;
const perSecond = 20_000;
const tickMillis = 10;
const linesPerPiece = 200;
/** Beyond it the connector is behind, and nothing more is written. */
const mostWaitingPieces = 20;
const limits = { ratio: 1.03, megabytes: 20 };

const sink = await startSink();
await sink.reset({ expected: perSecond, times: 1, warm: 0, delayMillis: 0 });
const connector = startConnector({
  arguments: [
    ...['run', '--source', '-', '--mappings', mappingsOf(purchases)],
    ...['--dead-letters', `file:${scratch('letters')}/letters`],
  ],
  environment: productEnvironment(sink.url),
  fed: true,
});
await connector.ready();
const url = `${connector.opsUrl()}/api/v1`;

const pieces = Array.from({ length: perSecond / linesPerPiece }, (_, piece) =>
  Array.from({ length: linesPerPiece }, (_, line) => {
    const stamp = { number: piece * linesPerPiece + line, at: preciseNow() };
    return `${JSON.stringify(order(stamp))}\n`;
  }).join(''),
);
let written = 0;
let waiting = 0;
const startedAt = performance.now();
let due = 0;
const feeding = setInterval(() => {
  const now = Math.floor(((performance.now() - startedAt) / 1_000) * (perSecond / linesPerPiece));
  for (; due < now; due += 1) {
    if (waiting >= mostWaitingPieces) continue;
    waiting += 1;
    connector.feed(pieces[due % pieces.length] ?? '', () => {
      waiting -= 1;
      written += linesPerPiece;
    });
  }
}, tickMillis);

/** What the overview asks, how often, in milliseconds. */
const questions: readonly (readonly [path: string, everyMillis: number])[] = [
  ['/status', 2_000],
  ['/destinations', 2_000],
  ['/history?range=10m', 2_000],
  ['/partitions', 5_000],
  ['/destinations', 5_000],
  ['/members', 15_000],
];

/** Asks and reads until it is told to stop. */
async function readAll(signal: AbortSignal): Promise<void> {
  async function ask(path: string, everyMillis: number): Promise<void> {
    while (!signal.aborted) {
      await (await fetch(`${url}${path}`, { signal })).arrayBuffer();
      await sleep(everyMillis, undefined, { signal });
    }
  }
  async function listen(): Promise<void> {
    const answer = await fetch(`${url}/decisions?perSecond=10`, { signal });
    await answer.body?.pipeTo(new WritableStream());
  }
  await Promise.allSettled([...questions.map(([path, millis]) => ask(path, millis)), listen()]);
}

/** User and system time of all threads; Linux counts it in hundredths of a second. */
function cpuMillis(): number {
  const fields = readFileSync(`/proc/${connector.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

interface Turn {
  readonly microsPerEvent: number;
  readonly perSecond: number;
  readonly megabytes: number;
}

async function turn(reads: boolean): Promise<Turn> {
  const over = new AbortController();
  const reading = reads ? readAll(over.signal) : Promise.resolve();
  const [cpu, events, at] = [cpuMillis(), written, performance.now()];
  const resident: number[] = [];
  for (let left = turnMillis; left > 0; left -= 250) {
    await sleep(250);
    resident.push((await connector.residentBytes()) ?? 0);
  }
  const micros = (cpuMillis() - cpu) * 1_000;
  const [count, seconds] = [written - events, (performance.now() - at) / 1_000];
  over.abort();
  await reading;
  return { microsPerEvent: micros / count, perSecond: count / seconds, megabytes: median(resident) / 1024 ** 2 };
}

// The engine compiles, and memory finds its height.
await sleep(Math.max(turnMillis, 10_000));
const ratios: number[] = [];
const grown: number[] = [];
const rates: number[] = [];
for (let pair = 0; pair < pairs; pair += 1) {
  const without = await turn(false);
  const reading = await turn(true);
  // At the full rate a second has more events to share what a reader costs in it than at a lower one.
  const extraPerSecond = (reading.microsPerEvent - without.microsPerEvent) * reading.perSecond;
  ratios.push(1 + extraPerSecond / (without.microsPerEvent * perSecond));
  grown.push(reading.megabytes - without.megabytes);
  rates.push(without.perSecond, reading.perSecond);
  console.log(
    `without ${shown(without)}; with a reader ${shown(reading)}; ${ratios.at(-1)?.toFixed(3)} ×, ${grown.at(-1)?.toFixed(1)} MB more`,
  );
}
clearInterval(feeding);
connector.kill('SIGKILL');
await connector.exited;
// What it heard last it tells yet.
await sleep(200);
sink.stop();

const [ratio, megabytes, rate] = [median(ratios), median(grown), median(rates)];
console.log(
  `the median turn: ${ratio.toFixed(3)} × the processor time (limit ${limits.ratio}), ${megabytes.toFixed(1)} MB more (limit ${limits.megabytes})`,
);
if (rate < perSecond * 0.95) console.log(`the machine was too busy for the rate: ${Math.round(rate)} events a second`);
process.exitCode = ratio <= limits.ratio && megabytes <= limits.megabytes ? 0 : 1;

function shown({ microsPerEvent, perSecond: got, megabytes: resident }: Turn): string {
  return `${microsPerEvent.toFixed(1)} µs an event at ${Math.round(got)}/s, ${resident.toFixed(0)} MB`;
}
