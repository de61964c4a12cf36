import { Argument, Command } from 'commander';
import { readSettings } from '../../config/environment.ts';
import type { Action } from '../../core/action.ts';
import { loadDestinations } from '../../config/load.ts';
import { hasErrors, renderProblem } from '../../config/problems.ts';
import { loadAvailableActions } from '../../connector/available-actions.ts';
import { ConnectorError } from '../../core/errors.ts';
import { createComparison, type ComparisonResult } from '../../diff/comparison.ts';
import { type Gate, parseGate } from '../../diff/gate.ts';
import { asHtml, asJson, asMarkdown, asText, type ReportHead } from '../../diff/report.ts';
import { exitCode } from '../command/exit-code.ts';
import { keepOldGenerationSmall, keepYoungGenerationSmall, letYoungGenerationGrow } from '../command/heap.ts';
import { actionsOption } from '../command/mappings-option.ts';
import { type OpsApiOptions, withOpsOptions } from '../command/ops-api.ts';
import { shownProgress } from '../command/progress.ts';
import { writeText } from '../command/write-files.ts';
import { openConfiguration } from './configuration.ts';
import { type History, type HistoryItem, type HistoryOptions, openHistory } from './history.ts';
import { print, printAside } from '../command/print.ts';
import { surroundings } from '../command/surroundings.ts';
import { exitWhenDone } from '../command/exit.ts';

interface DiffOptions extends HistoryOptions, OpsApiOptions {
  readonly actions?: string;
  readonly failOn?: readonly string[];
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly html?: string;
}

export function diffCommand(): Command {
  return withOpsOptions(new Command('diff'))
    .description('Shows what another configuration would make of the same events. Sends nothing, commits nothing.')
    .addArgument(new Argument('<old>', 'destination file or folder, REVISION:PATH of a Git repository, or running'))
    .addArgument(new Argument('<new>', 'the same'))
    .option('--events <files...>', 'files of events: NDJSON, rows of cells or Avro')
    .option('--source <source>', 'kafka: what the topics of KAFKA_TOPICS hold; commits nothing')
    .option('--from <place>', 'with --source kafka: earliest, an ISO 8601 time, or an age such as 12h (default: 7d)')
    .option(
      '--dead-letters <place>',
      "topic:NAME or file:PATH: dead letters (topic: is the connector's), each of its subscription",
    )
    .addOption(actionsOption())
    .option('--fail-on <gates...>', 'exit 1 where a subscription meets this: lost>0, changed>1%, dead_letters>0, …')
    .option('--json', 'print everything that was counted as JSON')
    .option('--markdown', 'print Markdown, for a pull request')
    .option('--html <file>', 'write a page, too')
    .action(async (old: string, after: string, options: DiffOptions) => {
      keepYoungGenerationSmall();
      keepOldGenerationSmall();
      exitWhenDone(await diff(old, after, options));
    });
}

async function diff(old: string, after: string, options: DiffOptions): Promise<number> {
  const gates = (options.failOn ?? []).map(parseGate);
  const actions = await loadAvailableActions(options.actions);
  const history = openHistory(options, readSettings(surroundings().environment));
  const comparison = createComparison({
    old: await destinationsOf(old, actions, options),
    new: await destinationsOf(after, actions, options),
    decode: history.decode,
  });
  letYoungGenerationGrow();
  await forEachShown(history, ({ record, part }) => comparison.take(record, part));
  const head = { old, new: after, events: history.name, notes: history.notes() };
  return printDiff(head, comparison.result(), gates, options);
}

/** Without the secrets that they refer to: those are not read. */
async function destinationsOf(written: string, actions: ReadonlyMap<string, Action>, ops: OpsApiOptions) {
  const configuration = await openConfiguration(written, ops);
  try {
    const { destinations, problems } = loadDestinations(configuration.path, { actions, environment: {} });
    if (!hasErrors(problems)) return destinations;
    throw new ConnectorError('CONFIG_INVALID', `${written} can't be used\n${problems.map(renderProblem).join('\n')}`);
  } finally {
    configuration.close();
  }
}

async function forEachShown({ name, items }: History, take: (item: HistoryItem) => void): Promise<void> {
  const progress = shownProgress({ label: name, unit: 'records' });
  let taken = 0;
  for await (const item of items) {
    take(item);
    taken += 1;
    // Not for each: to look at the clock takes longer than it does.
    if (taken % 1000 === 0) progress.at(taken);
  }
  progress.end();
}

function printDiff(
  head: ReportHead,
  result: ComparisonResult,
  gates: readonly Gate[],
  { json, markdown, html }: DiffOptions,
): number {
  if (html !== undefined) writeText(html, asHtml(head, result));
  if (json === true) print(asJson(head, result));
  else print(markdown === true ? asMarkdown(head, result) : asText(head, result));
  const failed = gates.flatMap((gate) => gate.failing(result).map((name) => `${name}: ${gate.text}`));
  for (const line of failed) printAside(`fails: ${line}`);
  return failed.length > 0 ? exitCode.failed : exitCode.done;
}
