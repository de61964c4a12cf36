import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { loadAvailableActions } from '../../connector/available-actions.ts';
import { ConnectorError } from '../../core/errors.ts';
import { exitCode } from '../command/exit-code.ts';
import { actionsOption } from '../command/mappings-option.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { isCovered } from './coverage.ts';
import { type Format, renderCoverage, renderResults, totalsOf } from './report.ts';
import { type FileResult, type RunOptions, runTestFile } from './run-tests.ts';
import { testFilesAt } from './test-file.ts';
import { print, printAside } from '../command/print.ts';
import { exitWhenDone } from '../command/exit.ts';

interface TestOptions {
  readonly actions?: string;
  readonly format: Format;
  readonly filter?: string;
  readonly update?: boolean;
  readonly coverage?: boolean;
  readonly requireCoverage?: boolean;
  readonly watch?: boolean;
}

export function testCommand(): Command {
  return new Command('test')
    .description(
      'Runs the tests beside mappings (*.test.json): events in, what is expected of them out. Sends nothing.',
    )
    .addArgument(new Argument('[paths...]', 'test files, or folders of them').default(['mappings']))
    .addOption(actionsOption())
    .addOption(
      new Option('--format <format>', 'how results are printed').choices(['text', 'tap', 'junit']).default('text'),
    )
    .option('--filter <text>', 'only tests whose names contain this')
    .option('--update', 'write golden files with what is sent now, instead of comparing')
    .option('--coverage', 'show which triggers and fields no test has tried')
    .option('--require-coverage', 'fail where a trigger is not both met and not met by some event')
    .option('--watch', 'run again when a file changes, until Ctrl-C')
    .action(async (paths: readonly string[], options: TestOptions) => {
      exitWhenDone(await runOnce(paths, options));
      if (options.watch === true) await runOnChanges(paths, options);
    });
}

async function runOnce(paths: readonly string[], options: TestOptions): Promise<number> {
  const run: RunOptions = {
    actions: await loadAvailableActions(options.actions),
    update: options.update === true,
    filter: options.filter,
  };
  const found = [...new Set(paths.flatMap(testFilesAt))];
  if (found.length === 0) {
    throw new ConnectorError('USAGE', `no test file at ${paths.join(', ')}: write NAME.test.json beside NAME.json`);
  }
  const files: FileResult[] = [];
  for (const file of found) files.push(await runTestFile(file, run));
  if (options.filter !== undefined && files.every(({ results, problems }) => results.length + problems.length === 0)) {
    throw new ConnectorError('USAGE', `--filter ${options.filter}: no test has this in its name`);
  }
  print(renderResults(files, options.format));
  const rows = files.flatMap(({ coverage }) => coverage?.rows() ?? []);
  const uncovered = rows.filter((row) => !isCovered(row));
  if (options.coverage === true || (options.requireCoverage === true && uncovered.length > 0)) {
    printAside(renderCoverage(rows));
  }
  const { failed } = totalsOf(files);
  return failed > 0 || (options.requireCoverage === true && uncovered.length > 0) ? exitCode.failed : exitCode.done;
}

const settleMillis = 100;

async function runOnChanges(paths: readonly string[], options: TestOptions): Promise<void> {
  const folders = new Set(paths.flatMap(testFilesAt).map((file) => dirname(file)));
  let timer: NodeJS.Timeout | undefined;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      runOnce(paths, options).catch((error: unknown) => printAside(String(error)));
    }, settleMillis);
  };
  const watchers = [...folders].map((folder) => watch(folder, again));
  printAside('waiting for changes; Ctrl-C ends');
  await stopSignal();
  for (const watcher of watchers) watcher.close();
  clearTimeout(timer);
}
