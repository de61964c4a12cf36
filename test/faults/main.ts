import { argv, exit, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { blockedRow } from './blocked-row.ts';
import { diskRow } from './disk-row.ts';
import { type FaultBroker, startFaultBroker } from './fault-broker.ts';
import { mutantOptions, mutants } from './mutants.ts';
import { mutated } from './mutate.ts';
import { type RowResult, type RunOptions, runRow, variantsOf } from './row.ts';
import { rows } from './rows.ts';
import { ownTemporaryFolder } from '../support/temporary-folder.ts';

ownTemporaryFolder();
const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    count: { type: 'string', default: '20000' },
    only: { type: 'string', default: '' },
    mutants: { type: 'boolean', default: false },
  },
});
const count = Number(values.count);
const isChosen = ({ name }: { readonly name: string }) => name.includes(values.only);

let running: { readonly count: number; readonly broker: FaultBroker & { stop(): Promise<void> } } | undefined;

/** What the row needs, and nothing else beside it. */
async function brokers(needed: number): Promise<FaultBroker> {
  if (running?.count !== needed) {
    await running?.broker.stop();
    running = undefined;
    running = { count: needed, broker: await startFaultBroker(needed) };
  }
  return running.broker;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void running?.broker.stop().finally(() => exit(1)));
}
try {
  process.exitCode = (await (values.mutants ? showMutants() : showRows())) ? 0 : 1;
} finally {
  await running?.broker.stop();
}

async function showRows(): Promise<boolean> {
  print('row', 'events', 'requests', 'repeated', 'letters', 'commits', 'seconds', 'verdict');
  let allHold = true;
  const all: readonly Playable[] = [
    ...rows.flatMap(variantsOf).map((row) => ({ ...row, run: (options: RunOptions) => runRow(row, options) })),
    diskRow,
    blockedRow,
  ];
  for (const row of all.filter(isChosen)) {
    const result = await row.run({ broker: await brokers(row.brokers ?? 1), count });
    const { name, events, requests, repeated, letters, commits, seconds } = result;
    allHold &&= holds(result);
    print(name, events, requests, repeated, letters, commits, seconds.toFixed(1), holds(result) ? 'holds' : 'BROKEN');
    for (const line of [...(result.notes ?? []), ...result.problems]) stdout.write(`    ${line}\n`);
  }
  return allHold;
}

async function showMutants(): Promise<boolean> {
  print('bug', 'row', 'verdict', 'found');
  let allCaught = true;
  for (const mutant of mutants.filter(isChosen)) {
    const { program, remove } = mutated(mutant.patches);
    const broker = await brokers(1);
    const result = await runRow(mutant.row, { broker, program, ...mutantOptions }).finally(remove);
    const found = result.problems.filter((problem) => mutant.found.test(problem));
    allCaught &&= found.length > 0;
    print(mutant.name, mutant.row.name, found.length > 0 ? 'caught' : 'NOT CAUGHT', found.join('; '));
    if (found.length === 0) stdout.write(result.problems.join('\n'));
  }
  return allCaught;
}

interface Playable {
  readonly name: string;
  readonly brokers?: number;
  run(options: RunOptions): Promise<RowResult>;
}

function holds({ problems }: RowResult): boolean {
  return problems.length === 0;
}

function print(...cells: readonly (string | number)[]): void {
  stdout.write(`| ${cells.join(' | ')} |\n`);
}
