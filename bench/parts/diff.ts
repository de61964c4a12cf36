import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import { knownDifferences, shownDifferences } from '../../test/support/known-differences.ts';
import type { Part } from '../harness/part.ts';
import { startProgram } from '../harness/program.ts';
import { scratch } from '../harness/scratch.ts';

/** Two configurations that differ in five known ways, over a file of a shop's events. */
export const diff: Part = async ({ scaled, tell }) => {
  const count = scaled(1_000_000, 10_000);
  const known = knownDifferences();
  const folder = scratch('diff');
  const [events, old, after] = ['events.ndjson', 'old.json', 'new.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await pipeline(Readable.from(lines(known.events(count))), createWriteStream(events));
  writeFileSync(old, JSON.stringify(known.old));
  writeFileSync(after, JSON.stringify(known.new));
  const other = await measured([old, after, '--events', events], join(folder, 'report.json'));
  const isRight = isDeepStrictEqual(shownDifferences(other.report), known.expected());
  tell(`five differences ${isRight ? 'found, with their counts' : 'NOT found'}`);
  const same = await measured([old, old, '--events', events], join(folder, 'same.json'));
  const found = (isRight ? 0 : 1) + ((JSON.parse(same.report) as { readonly same: boolean }).same ? 0 : 1);
  /** In microseconds, which are seconds for a million. */
  const perEvent = (millis: number) => (millis * 1000) / count;
  return {
    title: 'Comparing two configurations',
    about: `\`meta-actions diff\` over a file of ${count.toLocaleString('en')} events of a shop: five subscriptions, each of which the two configurations have in another way. The events are counted without the product, and the report must come to the same counts.`,
    figures: [
      { name: 'Processor time of an event', value: perEvent(other.cpuMillis), unit: 'µs' },
      { name: 'Processor time of an event, one configuration twice', value: perEvent(same.cpuMillis), unit: 'µs' },
    ],
    targets: [
      {
        name: 'Time for a million events',
        value: perEvent(other.millis),
        unit: 's',
        atMost: 60,
      },
      { name: 'Memory at its highest', value: other.peakBytes / 1e6, unit: 'MB', atMost: 300 },
      { name: 'Reports that were wrong', value: found, unit: '', atMost: 0 },
    ],
  };
};

function* lines(values: Iterable<Buffer>): Generator<Buffer> {
  for (const value of values) yield Buffer.concat([value, newline]);
}

const newline = Buffer.from('\n');

async function measured(parameters: readonly string[], report: string) {
  const began = performance.now();
  const program = startProgram({
    arguments: ['bin/meta-actions.js', 'diff', ...parameters, '--json'],
    environment: {},
    stdoutFile: report,
  });
  let ended: number | null | undefined;
  void program.ended.then((code) => {
    ended = code;
  });
  let peakBytes = 0;
  while (ended === undefined) {
    program.cpuMillis();
    // Of a process that is just ending nothing is told.
    const peak = program.peakResidentBytes();
    if (peak > peakBytes) peakBytes = peak;
    await sleep(100);
  }
  if (ended !== 0) throw new Error(`diff ended with ${ended}:\n${program.log()}`);
  const millis = performance.now() - began;
  return {
    millis,
    cpuMillis: program.cpuMillis(),
    peakBytes,
    report: readFileSync(report, 'utf8'),
  };
}
