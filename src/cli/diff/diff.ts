import { writeFileSync } from 'node:fs';
import { Argument, Command } from 'commander';
import { decodeSettings, readSettings } from '../../config/environment.ts';
import type { Action } from '../../core/action.ts';
import { loadDestinations } from '../../config/load.ts';
import { hasErrors, renderProblem } from '../../config/problems.ts';
import { loadAvailableActions } from '../../connector/available-actions.ts';
import { ConnectorError } from '../../core/errors.ts';
import { type Comparison, createComparison } from '../../diff/comparison.ts';
import { type Gate, parseGate } from '../../diff/gate.ts';
import { asHtml, asJson, asMarkdown, asText } from '../../diff/report.ts';
import { isTable, readRecords } from '../../file/table-rows.ts';
import { exitCode } from '../command/exit-code.ts';
import { actionsOption } from '../command/mappings-option.ts';
import { recordOf } from '../command/record-of.ts';
import { openConfiguration } from './configuration.ts';
import { print, printAside } from '../command/print.ts';

interface DiffOptions {
  readonly events: readonly string[];
  readonly actions?: string;
  readonly failOn?: readonly string[];
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly html?: string;
}

export function diffCommand(): Command {
  return new Command('diff')
    .description('Shows what another configuration would make of the same events. Sends nothing, commits nothing.')
    .addArgument(new Argument('<old>', 'destination file or folder, or REVISION:PATH of a Git repository'))
    .addArgument(new Argument('<new>', 'the same'))
    .requiredOption('--events <files...>', 'files of events: NDJSON, or rows of cells')
    .addOption(actionsOption())
    .option('--fail-on <gates...>', 'exit 1 where a subscription meets this: lost>0, changed>1%, dead_letters>0, …')
    .option('--json', 'print everything that was counted as JSON')
    .option('--markdown', 'print Markdown, for a pull request')
    .option('--html <file>', 'write a page, too')
    .action(async (old: string, after: string, options: DiffOptions) => {
      process.exitCode = await diff(old, after, options);
    });
}

async function diff(old: string, after: string, options: DiffOptions): Promise<number> {
  const gates = (options.failOn ?? []).map(parseGate);
  const actions = await loadAvailableActions(options.actions);
  const decode = decodeSettings(readSettings(process.env));
  const comparison = createComparison({
    old: await destinationsOf(old, actions),
    new: await destinationsOf(after, actions),
    decode,
  });
  for (const file of options.events) {
    if (isTable(file) && decode.records !== 'rows')
      throw new ConnectorError('SETTING_INVALID', `RECORDS must be rows for ${file}`);
    await takeFile(file, comparison);
  }
  return printDiff({ old, new: after, events: options.events.join(', '), notes: [] }, comparison, gates, options);
}

/** Without the secrets that they refer to: those are not read. */
async function destinationsOf(written: string, actions: ReadonlyMap<string, Action>) {
  const configuration = await openConfiguration(written);
  try {
    const { destinations, problems } = loadDestinations(configuration.path, { actions, environment: {} });
    if (!hasErrors(problems)) return destinations;
    throw new ConnectorError('CONFIG_INVALID', `${written} can't be used\n${problems.map(renderProblem).join('\n')}`);
  } finally {
    configuration.close();
  }
}

const tellEveryMillis = 2000;

async function takeFile(file: string, comparison: Comparison): Promise<void> {
  const began = performance.now();
  const isTerminal = process.stderr.isTTY;
  let shownAt = began;
  let taken = 0;
  for await (const { value } of readRecords(file)) {
    comparison.take(recordOf(value, taken, Date.now()));
    taken += 1;
    if (taken % 1000 !== 0 || performance.now() - shownAt < tellEveryMillis) continue;
    shownAt = performance.now();
    const rate = Math.round((taken * 1000) / (shownAt - began));
    if (isTerminal) process.stderr.write(`\r\u001b[2K${file}: ${taken} records, ${rate}/s`);
  }
  if (isTerminal && shownAt !== began) process.stderr.write('\r\u001b[2K');
}

function printDiff(
  head: { readonly old: string; readonly new: string; readonly events: string; readonly notes: readonly string[] },
  comparison: Comparison,
  gates: readonly Gate[],
  { json, markdown, html }: DiffOptions,
): number {
  const result = comparison.result();
  if (html !== undefined) writeFileSync(html, asHtml(head, result));
  if (json === true) print(asJson(head, result));
  else print(markdown === true ? asMarkdown(head, result) : asText(head, result));
  const failed = gates.flatMap((gate) => gate.failing(result).map((name) => `${name}: ${gate.text}`));
  for (const line of failed) printAside(`fails: ${line}`);
  return failed.length > 0 ? exitCode.failed : exitCode.done;
}
