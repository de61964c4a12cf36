import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { samples } from '../../../examples/samples.ts';
import type { ConfiguredDestination } from '../../config/destination.ts';
import { loadDestinations } from '../../config/load.ts';
import type { Action } from '../../core/action.ts';
import { runTestFile } from '../test/run-tests.ts';
import type { MappingTest } from '../test/test-file.ts';
import { probe } from './probe.ts';
import { type Proposal, sampleRecord } from './propose.ts';
import { testsText } from './texts.ts';

/**
 * The tests that hold for the text of a destination file: those of the presets that do, and tests with invented events
 * for names and subscriptions that they say nothing of. Nothing of the events that were looked at is in them.
 */
export async function testsFor(
  mapping: string,
  proposal: Proposal,
  actions: ReadonlyMap<string, Action>,
): Promise<readonly MappingTest[]> {
  const folder = mkdtempSync(join(tmpdir(), 'meta-actions-init-'));
  try {
    const [mappingFile, testFile] = [join(folder, 'it.json'), join(folder, 'it.test.json')];
    writeFileSync(mappingFile, mapping);
    const { destinations } = loadDestinations(mappingFile, { actions, environment: {} });
    if (proposal.tests.length > 0) writeFileSync(testFile, testsText(proposal.records, proposal.tests, undefined));
    const run =
      proposal.tests.length > 0
        ? await runTestFile(testFile, { actions, update: false, filter: undefined })
        : undefined;
    const passing = proposal.tests.filter((_, at) => run?.results[at]?.passed === true);
    if (proposal.records !== 'events') return passing;
    const covered = new Set(passing.flatMap(({ expect }) => expect.sent ?? []));
    const [destination] = destinations;
    return destination === undefined ? passing : [...passing, ...inventedTests(destination, proposal, covered)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function* inventedTests(
  destination: ConfiguredDestination,
  { otherNames }: Proposal,
  covered: Set<string>,
): Generator<MappingTest> {
  for (const [sample, [event]] of otherNames) {
    if (event === undefined) continue;
    // Whatever the sample is: a page has another type under the name of a track call.
    const set = { type: 'track', event };
    const sent = sentBy(destination, sample, set);
    for (const id of sent) covered.add(id);
    if (sent.length > 0) yield { name: `${event} is sent`, sample, set, expect: { sent } };
  }
  for (const { id } of destination.subscriptions) {
    if (covered.has(id)) continue;
    const sample = Object.keys(samples).find((name) => sentBy(destination, name).includes(id));
    if (sample !== undefined)
      yield { name: `${sample} is sent`, sample, expect: { sent: sentBy(destination, sample) } };
  }
}

function sentBy(destination: ConfiguredDestination, sample: string, set?: Readonly<Record<string, string>>) {
  const [event] = probe([sampleRecord(sample, set)], destination, { envelope: [], maxRecordBytes: 1024 * 1024 });
  return [...(event?.ends ?? [])].flatMap(([id, { kind }]) => (kind === 'ready' ? [id] : []));
}
