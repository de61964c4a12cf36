import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { hideTokens } from '../../config/hide-secrets.ts';
import { loadAvailableActions } from '../../connector/available-actions.ts';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import type { DestinationDraft } from '../../import/draft.ts';
import { importExport, type ImportKind, importKinds } from '../../import/import-export.ts';
import { maxInputBytes, readInput } from '../../import/read-input.ts';
import { needsDecision, renderMarkdown, renderReport, reportOf, variablesOf } from '../../import/report.ts';
import { exitCode } from '../command/exit-code.ts';
import { actionsOption } from '../command/mappings-option.ts';
import { print, printAside } from '../command/print.ts';
import { makeFolder, writeText } from '../command/write-files.ts';
import { type Output, outputsOf } from './output-files.ts';
import { exitWhenDone } from '../command/exit.ts';

interface ImportCommandOptions {
  readonly out: string;
  readonly action: ReadonlyMap<string, string>;
  readonly defaults?: boolean;
  readonly json?: boolean;
  readonly actions?: string;
}

export function importCommand(): Command {
  return new Command('import')
    .description(
      'Makes destination files, tests and a report of what another product exports. Sends nothing, and copies no secret. Exit code 1: something needs a decision.',
    )
    .addArgument(new Argument('<product>', 'whose export it is').choices(importKinds))
    .argument('<files...>', 'exported files: .tf, .json, .yaml')
    .option('--out <folder>', 'where the files go; none that is there is overwritten', 'imported')
    .option(
      '--action <id=action>',
      'what the id of an action means, such as abc123=purchase; may be given more than once',
      addActionId,
      new Map<string, string>(),
    )
    .option(
      '--defaults',
      'fields that the export does not map keep the default they have here, instead of being left out',
    )
    .addOption(actionsOption())
    .option('--json', 'print the report as JSON')
    .action(async (kind: ImportKind, files: readonly string[], options: ImportCommandOptions) => {
      const actions = await loadAvailableActions(options.actions);
      const unknown = [...options.action.values()].find((key) => !actions.has(key));
      if (unknown !== undefined) throw new ConnectorError('USAGE', `--action: there is no action "${unknown}"`);
      const documents = files.map((file) => readInput(file, readText(file)));
      const imported = importExport(kind, documents, {
        actions,
        actionIds: options.action,
        keepDefaults: options.defaults === true,
      });
      const report = reportOf(imported);
      const outputs = [
        ...imported.destinations.flatMap((draft) => outputsOf(draft, options.out, actions, Date.now())),
        { path: join(options.out, 'import-report.md'), text: renderMarkdown(report) },
      ];
      writeAll(options.out, outputs);
      if (options.json === true) print(hideTokens(JSON.stringify(report, null, 2)));
      else print(`${renderReport(report)}\n\n${nextSteps(options.out, imported.destinations)}`);
      exitWhenDone(needsDecision(report) ? exitCode.failed : exitCode.done);
    });
}

function addActionId(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.lastIndexOf('=');
  if (at < 1) throw new ConnectorError('USAGE', `--action ${text}: write ID=ACTION, such as abc123=purchase`);
  return new Map([...before, [text.slice(0, at), text.slice(at + 1)]]);
}

function readText(file: string): string {
  try {
    if (statSync(file).size > maxInputBytes) {
      throw new ConnectorError('IMPORT_UNREADABLE', `${file} is larger than ${maxInputBytes} bytes`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ConnectorError) throw error;
    throw new ConnectorError('USAGE', `${file} can't be read: ${messageOf(error)}`);
  }
}

function writeAll(folder: string, outputs: readonly Output[]): void {
  const taken = outputs.find(({ path }) => existsSync(path));
  if (taken !== undefined) {
    throw new ConnectorError('USAGE', `${taken.path} is there already: give another folder with --out`);
  }
  makeFolder(folder);
  for (const { path, text } of outputs) writeText(path, text, { flag: 'wx' });
}

function nextSteps(folder: string, destinations: readonly DestinationDraft[]): string {
  const variables = variablesOf(destinations);
  if (destinations.length === 0) printAside('no subscription could be imported');
  return [
    `Written to ${folder}/, with the whole report in import-report.md. Next:`,
    ...(variables.length === 0 ? [] : [`  set ${variables.join(', ')} in the environment`]),
    `  meta-actions validate --mappings ${folder}`,
    `  meta-actions test ${folder}`,
  ].join('\n');
}
