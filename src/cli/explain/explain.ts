import { Argument, Command } from 'commander';
import type { ConfiguredDestination } from '../../config/destination.ts';
import { readSettings } from '../../config/environment.ts';
import type { SourceRecord } from '../../core/record.ts';
import { isTable } from '../../file/table-rows.ts';
import { type DecodeOptions, decodeRecord } from '../../pipeline/route/decode.ts';
import { recordsIn } from '../../pipeline/route/several-events.ts';
import { createExplainer } from '../../explain/explain-event.ts';
import { renderExplanation } from './explain-render.ts';
import { readSnippet, renderSnippet, trySnippet } from './explain-snippet.ts';
import { recordOf } from '../command/record-of.ts';
import { actionsOption, mappingsOption, validDestinations, type MappingsOptions } from '../command/mappings-option.ts';
import { renderSummary, summarize } from './match-quality.ts';
import { readEvents } from './read-events.ts';
import { type TopicValues, topicValues } from './topic-values.ts';
import { unreadColumnWarnings } from '../command/unread-columns.ts';

interface ExplainCommandOptions extends MappingsOptions {
  readonly trigger?: string;
  readonly mapping?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly summary?: boolean;
  readonly showIdentifiers?: boolean;
  readonly topic?: string;
}

const exitCodes = `
Exit codes: 0, also where events are rejected or lines are no events (that is what was to be found out); 1 when
something failed; 2 when the command, the mappings, the trigger or the mapping is wrong.

Identifiers of people are shown as [hidden], but in the body as it would be sent, unless --show-identifiers is given.`;

export function explainCommand(): Command {
  return new Command('explain')
    .description('Shows what would be sent for events, and why the rest is not. Sends nothing.')
    .addArgument(new Argument('[events]', 'file with a JSON value, NDJSON or rows of cells; - for stdin').default('-'))
    .addOption(mappingsOption())
    .addOption(actionsOption())
    .option('--trigger <expression>', 'try a trigger on the events instead of the mappings')
    .option('--mapping <json>', 'try a mapping on the events instead of the mappings')
    .option('--topic <name>', 'read them as SOURCES says of this topic: JSON, or a value in base64 a line')
    .option('--json', 'one line of JSON per event')
    .option('--verbose', 'with --json: also how each trigger came out and where each field comes from')
    .option('--summary', 'per subscription how its events end and which identifiers they lack; --json: a line each')
    .option('--show-identifiers', 'show identifiers of people, and the values before hashing')
    .addHelpText('after', exitCodes)
    .action(explain);
}

async function explain(path: string, options: ExplainCommandOptions): Promise<void> {
  if (options.summary === true) return explainSummary(path, options);
  const values = valuesOf(path, options);
  const explained = await describer(path, options, values.decode);
  endWithReader();
  let index = 0;
  for (const record of await recordsOf(path, options, values)) {
    for (const text of explained(record, index)) {
      process.stdout.write(`${text}\n`);
      index += 1;
    }
  }
}

async function explainSummary(path: string, options: ExplainCommandOptions): Promise<void> {
  const values = valuesOf(path, options);
  const destinations = await validDestinations(options);
  const records = await recordsOf(path, options, values);
  endWithReader();
  for (const summary of summarize(records, { destinations, decode: values.decode, now: Date.now() })) {
    process.stdout.write(`${options.json === true ? JSON.stringify(summary) : renderSummary(summary)}\n`);
  }
}

/** What is printed for each event of a record; `first` is the place of the first of them. */
type Describe = (record: SourceRecord, first: number) => Iterable<string>;

function valuesOf(path: string, { topic }: ExplainCommandOptions): TopicValues {
  const values = topicValues(readSettings(process.env), topic);
  // Rows of cells are rows, whatever else is read.
  return path !== '-' && isTable(path) ? { ...values, decode: { ...values.decode, records: 'rows' } } : values;
}

async function recordsOf(
  path: string,
  { topic }: ExplainCommandOptions,
  values: TopicValues,
): Promise<readonly SourceRecord[]> {
  const now = Date.now();
  const lines = await readEvents(path);
  return values.asJson(lines.map((line, index) => recordOf(values.valueOf(line), index, now, topic)));
}

async function describer(path: string, options: ExplainCommandOptions, decode: DecodeOptions): Promise<Describe> {
  const showIdentifiers = options.showIdentifiers === true;
  const asJson = options.json === true;
  if (options.trigger !== undefined || options.mapping !== undefined) {
    const snippet = readSnippet(options.trigger, options.mapping);
    for (const warning of snippet.warnings) console.error(`warning: ${warning}`);
    return function* describe(whole, first) {
      let index = first;
      for (const record of recordsIn(whole, (record) => decodeRecord(record, decode))) {
        const result = trySnippet(snippet, record, index, { decode, showIdentifiers });
        yield asJson ? JSON.stringify(result) : renderSnippet(result, snippet);
        index += 1;
      }
    };
  }
  const destinations: readonly ConfiguredDestination[] = await validDestinations(options);
  if (path !== '-')
    for (const text of await unreadColumnWarnings(path, destinations)) console.error(`warning: ${text}`);
  const details = !asJson || options.verbose === true;
  const explainEvents = createExplainer({ destinations, decode, now: Date.now(), details, showIdentifiers });
  return function* describe(record, first) {
    for (const explanation of explainEvents(record, first)) {
      yield asJson ? JSON.stringify(explanation) : renderExplanation(explanation);
    }
  };
}

/** Whoever reads the output may have seen enough: `explain … | head`. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
