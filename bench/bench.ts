/**
 * Measures the product beside its floor and its peers.
 *
 *     npm run bench                       everything: 20 to 25 minutes on a quiet machine
 *     npm run bench -- --only stages      one part (several, with commas); `--list` names them
 *     npm run bench -- --scale 0.1        smaller, to see whether the harness works
 *     npm run bench -- --dry              prints, writes nothing
 *     npm run bench -- --page             writes the page and the plots from the results as they are
 *
 * Results go to docs/performance/results.json, part by part, and from there into docs/performance.md and its plots. Ends
 * with 1 when something that must hold doesn't, else with 3 when a part could not be measured here. KAFKA_BROKERS names an Apache Kafka; without it one is started
 * (scripts/kafka.sh). Needs Linux.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Broker, embeddedBroker, kafkaBroker } from './harness/broker.ts';
import { writeDocument } from './harness/document.ts';
import type { Bench, Part } from './harness/part.ts';
import { isMet, type PartResult, readResults, writeResult } from './harness/results.ts';
import { type SinkProcess, startSink } from './harness/sink-process.ts';
import { plainTable } from './harness/table.ts';
import { Unmeasured } from './harness/unmeasured.ts';
import { whenAskedToEnd } from './harness/when-asked-to-end.ts';
import { audienceFile, audiences } from './parts/audiences.ts';
import { backlog } from './parts/backlog.ts';
import { badInput } from './parts/bad-input.ts';
import { curves } from './parts/curves.ts';
import { diff } from './parts/diff.ts';
import { endToEnd, endToEndEmbedded } from './parts/end-to-end.ts';
import { formats } from './parts/formats.ts';
import { idle } from './parts/idle.ts';
import { latency } from './parts/latency.ts';
import { peers } from './parts/peers.ts';
import { processes } from './parts/processes.ts';
import { segment } from './parts/segment.ts';
import { stages } from './parts/stages.ts';
import { startUp } from './parts/start-up.ts';
import { subscriptions } from './parts/subscriptions.ts';

const parts: Readonly<Record<string, Part>> = {
  stages,
  formats,
  segment,
  'end-to-end': endToEnd,
  peers,
  embedded: endToEndEmbedded,
  'start-up': startUp,
  latency,
  backlog,
  idle,
  subscriptions,
  curves,
  'bad-input': badInput,
  processes,
  audiences,
  'audience-file': audienceFile,
  diff,
};

/** Nothing is wrong, but a part is missing. */
const exitUnmeasured = 3;

const folder = resolve(import.meta.dirname, '../docs/performance');
const page = `${folder}.md`;
const resultsFile = `${folder}/results.json`;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    scale: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
});

/** Starts something at its first use, and ends it if it was started. */
function once<T extends { stop(): unknown }>(start: () => Promise<T>) {
  let started: Promise<T> | undefined;
  return {
    get: () => {
      started ??= start();
      return started;
    },
    end: async () => (await started?.catch(() => undefined))?.stop(),
  };
}

async function main(): Promise<void> {
  const names = Object.keys(parts);
  if (options.list) {
    console.log(names.join('\n'));
    return;
  }
  if (!options.page) await measureParts(options.only?.split(',') ?? names, names);
  if (!options.dry) writeDocument(readResults(resultsFile), page, folder);
}

async function measureParts(chosen: readonly string[], names: readonly string[]): Promise<void> {
  const unknown = chosen.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join(',')}: there are ${names.join(', ')}`);
  const kafka = once<Broker>(kafkaBroker);
  const embedded = once<Broker>(embeddedBroker);
  const sink = once<SinkProcess>(startSink);
  const scale = Number(options.scale);
  const bench: Bench = {
    kafka: kafka.get,
    embedded: embedded.get,
    sink: sink.get,
    scaled: (full, least = 1) => Math.max(least, Math.round(full * scale)),
    tell: (line) => console.error(`  ${line}`),
  };
  const end = () => Promise.all([kafka.end(), embedded.end(), sink.end()]);
  whenAskedToEnd(end);
  for (const name of chosen) {
    const part = parts[name];
    if (part === undefined) continue;
    const began = performance.now();
    try {
      const result: PartResult = await part(bench);
      console.log(plainTable(result));
      if (!options.dry) writeResult(resultsFile, names, name, result);
      if ((result.targets ?? []).some((target) => !isMet(target))) process.exitCode = 1;
    } catch (error) {
      // The others can be measured all the same.
      if (error instanceof Unmeasured) {
        console.error(`${name} is not measured: ${error.message}`);
        process.exitCode ??= exitUnmeasured;
      } else {
        console.error(error);
        process.exitCode = 1;
      }
    }
    console.log(`(${name}: ${Math.round((performance.now() - began) / 1000)} s)`);
  }
  await end();
}

await main();
