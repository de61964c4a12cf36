import { join, relative } from 'node:path';
import { counted, coverageLines, type InitCoverage } from './coverage.ts';
import type { InitOptions } from './options.ts';
import type { ProbedEvent } from './probe.ts';
import type { Proposal } from './propose.ts';

/** What a run of `init` comes to. */
export interface Result {
  readonly folder: string;
  readonly options: InitOptions;
  readonly proposal: Proposal;
  readonly coverage: InitCoverage | undefined;
  readonly files: readonly string[];
}

export function* proposalLines(
  { options, proposal, coverage }: Result,
  events: readonly ProbedEvent[],
): Generator<string> {
  if (coverage === undefined) {
    yield `Nothing was looked at, so this is the preset ${proposal.preset}. --events FILE or --topic NAME proposes what fits.`;
    return;
  }
  const types = Object.entries(Object.groupBy(events, ({ type }) => type));
  const byType = types.map(([type, each]) => `${each?.length ?? 0} ${type}`).join(', ');
  yield `${counted(coverage.events)} of ${options.events ?? `the topic ${options.topic}`} (${byType}), read as ${proposal.records}:`;
  yield* coverageLines(coverage);
}

export function* writtenLines({ folder, options, proposal, files }: Result): Generator<string> {
  yield '';
  yield 'Written:';
  for (const name of files) yield `  ${join(folder, name)}`;
  const open = [
    'pixel_id' in proposal.settings && options.pixel === undefined && 'pixel_id',
    'ad_account_id' in proposal.settings && options.adAccount === undefined && 'ad_account_id',
  ].filter((each) => each !== false);
  if (open.length > 0) yield `Fill in ${open.join(' and ')} in ${join(folder, files[0] ?? '')}.`;
  const source = options.events === undefined ? '' : ` --source file:${relative(folder, options.events)}`;
  const records = proposal.records === 'events' || options.events === undefined ? '' : `RECORDS=${proposal.records} `;
  yield `Next${folder === '.' ? '' : `, in ${folder}`}, with the variables of .env.example set:`;
  yield '  meta-actions test';
  yield `  meta-actions doctor${source}`;
  yield `  ${records}meta-actions run${source}${source === '' ? '' : ' --once'}`;
}

export function jsonOf({ proposal, coverage, files, folder }: Result) {
  return {
    preset: proposal.preset,
    records: proposal.records,
    subscriptions: proposal.subscriptions.map(({ name, action }) => ({ name, action })),
    ...(coverage !== undefined && { coverage }),
    files: files.map((name) => join(folder, name)),
  };
}
