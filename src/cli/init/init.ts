import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { Argument, Command, InvalidArgumentError } from 'commander';
import { packageFile } from '../../config/build-info.ts';
import { loadDestination } from '../../config/destination.ts';
import { readSettings } from '../../config/environment.ts';
import { loadBuiltInActions } from '../../connector/available-actions.ts';
import { ConnectorError } from '../../core/errors.ts';
import { print } from '../command/print.ts';
import { makeFolder, writeText } from '../command/write-files.ts';
import { coverageOf } from './coverage.ts';
import { examine } from './examine.ts';
import type { InitOptions } from './options.ts';
import { loadPresets } from './presets.ts';
import { probe } from './probe.ts';
import type { Proposal } from './propose.ts';
import { createQuestions } from './questions.ts';
import { jsonOf, proposalLines, writtenLines } from './result-text.ts';
import { testsFor } from './tests.ts';
import { type Choices, environmentText, mappingText, placeholder, testsText } from './texts.ts';
import { surroundings } from '../command/surroundings.ts';

export function initCommand(): Command {
  return new Command('init')
    .description('Writes a first mapping with its tests, made for the events that a file or a topic holds.')
    .addArgument(new Argument('[folder]', 'where to write').default('.'))
    .option('--events <file>', 'look at the first events of this file')
    .option('--topic <name>', 'look at the newest events of this topic (KAFKA_BROKERS); nothing is committed')
    .option('--from <place>', 'with --topic: from there on: earliest, an ISO 8601 time, or an age such as 1h')
    .option('--limit <number>', 'so many records are looked at', records, 1000)
    .option('--preset <name>', 'take this preset as it is, whatever the events are')
    .option('--name <name>', 'name of the destination and its file (default: that of the preset)')
    .option('--pixel <id>', 'the pixel (dataset) that conversions go to', id)
    .option('--ad-account <id>', 'the ad account of the audiences', id)
    .option('--force', 'write over files that are there')
    .option('--yes', 'ask nothing; outside of a terminal nothing is asked anyway')
    .option('--json', 'print what is proposed and written as JSON')
    .addHelpText('after', '\nNothing of the events that are looked at is written: tests are of invented events.')
    .action(init);
}

async function init(folder: string, given: InitOptions): Promise<void> {
  if (given.events !== undefined && given.topic !== undefined)
    throw new ConnectorError('USAGE', 'give --events or --topic, not both');
  const { stdin, stdout } = surroundings();
  const asks = given.yes !== true && given.json !== true && stdin.isTTY === true && stdout.isTTY === true;
  const questions = asks ? createQuestions({ input: stdin, output: stdout }) : undefined;
  try {
    const options = questions === undefined ? given : await withEvents(given, questions.ask);
    const actions = await loadBuiltInActions();
    const presets = loadPresets(actions);
    const found = await examine(options, presets);
    const asked = questions === undefined ? options : await withIds(options, found.proposal, questions.ask);
    const choices = choicesOf(folder, asked, found.proposal);
    const mapping = mappingText(found.proposal, choices);
    const { destination, problems } = loadDestination('it.json', mapping, { actions, environment: {} });
    if (destination === undefined) throw new ConnectorError('CONFIG_INVALID', problems[0]?.message ?? choices.name);
    const events = found.records.length === 0 ? [] : probe(found.records, destination, found.decode);
    const ids = destination.subscriptions.map((subscription) => subscription.id);
    const coverage = found.records.length === 0 ? undefined : coverageOf(events, ids);
    const tests = await testsFor(mapping, found.proposal, actions);
    const files = {
      [join('mappings', `${choices.name}.json`)]: mapping,
      ...(tests.length > 0 && {
        [join('mappings', `${choices.name}.test.json`)]: testsText(found.proposal.records, tests, choices.schemas),
      }),
      '.env.example': environmentText(found.proposal.records, choices),
    };
    const result = { folder, options: asked, proposal: found.proposal, coverage, files: Object.keys(files) };
    if (given.json !== true) for (const line of proposalLines(result, events)) print(line);
    if (questions !== undefined && !/^y/i.test(await questions.ask('Write the files?', 'yes'))) return;
    write(folder, files, given.force === true);
    if (given.json === true) print(JSON.stringify(jsonOf(result), null, 2));
    else for (const line of writtenLines(result)) print(line);
  } finally {
    questions?.close();
  }
}

type Ask = ReturnType<typeof createQuestions>['ask'];

async function withEvents(options: InitOptions, ask: Ask): Promise<InitOptions> {
  if (options.events !== undefined || options.topic !== undefined || options.preset !== undefined) return options;
  const [topic] = readSettings(surroundings().environment).KAFKA_TOPICS ?? [];
  const question = 'Events to look at: a file, or topic:NAME (empty: none, take the preset for web shops)';
  const answer = await ask(question, topic === undefined ? '' : `topic:${topic}`, (typed) =>
    typed === '' || typed.startsWith('topic:') || existsSync(typed) ? undefined : 'there is no such file',
  );
  if (answer === '') return options;
  return answer.startsWith('topic:')
    ? { ...options, topic: answer.slice('topic:'.length) }
    : { ...options, events: answer };
}

async function withIds(options: InitOptions, { preset, settings }: Proposal, ask: Ask): Promise<InitOptions> {
  const number = (typed: string) => (/^(act_)?\d+$/.test(typed) ? undefined : 'an id is a number');
  const name = options.name ?? (await ask('Name of the destination', preset, nameProblem));
  const pixel =
    options.pixel ?? ('pixel_id' in settings ? await ask('Id of the pixel (dataset)', placeholder, number) : undefined);
  const adAccount =
    options.adAccount ??
    ('ad_account_id' in settings ? await ask('Id of the ad account', placeholder, number) : undefined);
  return { ...options, name, ...(pixel !== undefined && { pixel }), ...(adAccount !== undefined && { adAccount }) };
}

function choicesOf(folder: string, options: InitOptions, { preset }: Proposal): Choices {
  const { KAFKA_BROKERS: brokers, KAFKA_TOPICS: topics } = readSettings(surroundings().environment);
  const { name = preset, pixel, adAccount, topic } = options;
  const problem = nameProblem(name);
  if (problem !== undefined) throw new ConnectorError('USAGE', `--name ${name}: ${problem}`);
  const schemas = schemasFrom(folder);
  return {
    name,
    brokers: brokers?.join(',') ?? 'localhost:9092',
    topics: topic ?? topics?.join(',') ?? 'events',
    ...(pixel !== undefined && { pixel }),
    ...(adAccount !== undefined && { adAccount }),
    ...(schemas !== undefined && { schemas }),
  };
}

function nameProblem(name: string): string | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/.test(name) ? undefined : 'give letters, digits, and . _ - between them';
}

/** Where the package is in the folder, or the folder in the package; what is elsewhere on this machine is nobody else's. */
function schemasFrom(folder: string): string | undefined {
  const schemas = packageFile('schema');
  const inside = (inner: string, outer: string) => !relative(outer, inner).startsWith('..');
  const here = resolve(folder);
  if (!inside(schemas, here) && !inside(here, dirname(schemas))) return undefined;
  return relative(join(here, 'mappings'), schemas).replaceAll('\\', '/');
}

/** All of them, or none. */
function write(folder: string, files: Readonly<Record<string, string>>, force: boolean): void {
  const there = Object.keys(files).filter((name) => existsSync(join(folder, name)));
  if (there.length > 0 && !force) {
    throw new ConnectorError(
      'USAGE',
      `${there.map((name) => join(folder, name)).join(', ')} ${there.length === 1 ? 'is' : 'are'} there already, and nothing was written: give another folder or --name, or --force to write over`,
    );
  }
  for (const [name, text] of Object.entries(files)) {
    makeFolder(dirname(join(folder, name)));
    writeText(join(folder, name), text);
  }
}

function records(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 100_000) return number;
  throw new InvalidArgumentError('must be a number from 1 to 100000');
}

function id(text: string): string {
  if (/^(act_)?\d+$/.test(text)) return text;
  throw new InvalidArgumentError('must be a number');
}
