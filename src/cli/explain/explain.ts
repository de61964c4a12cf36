import { readSettings } from '../../config/environment.ts';
import { validSources } from '../../config/sources.ts';
import type { TopicSample } from '../../connector/topic-sample.ts';
import { ConnectorError } from '../../core/errors.ts';
import type { SourceRecord } from '../../core/record.ts';
import { isTable } from '../../file/table-rows.ts';
import { type DecodeOptions, decodeRecord } from '../../pipeline/route/decode.ts';
import { recordsIn } from '../../pipeline/route/several-events.ts';
import { createExplainer, type Explanation } from '../../explain/explain-event.ts';
import { renderExplanation } from './explain-render.ts';
import { readSnippet, renderSnippet, trySnippet } from './explain-snippet.ts';
import { chosenDestinations } from '../command/chosen.ts';
import { type Progress, shownProgress } from '../command/progress.ts';
import { recordOf } from '../command/record-of.ts';
import { validDestinations } from '../command/mappings-option.ts';
import type { ExplainOptions } from './options.ts';
import { renderSummary, summarize } from './match-quality.ts';
import { readEvents } from './read-events.ts';
import { createRecordReading, type RecordReading } from './record-reading.ts';
import { endWithReader } from '../command/end-with-reader.ts';
import { unreadColumnWarnings } from '../command/unread-columns.ts';
import { print, printAside } from '../command/print.ts';
import { surroundings } from '../command/surroundings.ts';

export async function explain(path: string, options: ExplainOptions): Promise<void> {
  if (options.summary === true) return explainSummary(path, options);
  const reading = readingOf(path, options);
  const explained = await describer(path, options, reading.decode);
  endWithReader();
  const records = await recordsOf(path, options, reading);
  const progress = progressOf(records.length, surroundings().stdout.isTTY === true);
  let index = 0;
  for (const [place, record] of records.entries()) {
    for (const text of explained(record, index)) {
      print(text);
      index += 1;
    }
    progress?.at(place + 1);
  }
  progress?.end();
}

/** Undefined where what is printed is progress enough. */
function progressOf(total: number, printsHere: boolean): Progress | undefined {
  return printsHere ? undefined : shownProgress({ label: 'explaining', unit: 'records', total });
}

async function explainSummary(path: string, options: ExplainOptions): Promise<void> {
  const reading = readingOf(path, options);
  const destinations = chosenDestinations(await validDestinations(options), options);
  const records = await recordsOf(path, options, reading);
  endWithReader();
  const progress = progressOf(records.length, false);
  const summaries = summarize(watched(records, progress), { destinations, decode: reading.decode, now: Date.now() });
  progress?.end();
  for (const summary of summaries) {
    if (options.subscription !== undefined && summary.subscription !== options.subscription) continue;
    print(options.json === true ? JSON.stringify(summary) : renderSummary(summary));
  }
}

function* watched(records: readonly SourceRecord[], progress: Progress | undefined): Generator<SourceRecord> {
  for (const [place, record] of records.entries()) {
    yield record;
    progress?.at(place + 1);
  }
}

/** What is printed for each event of a record; `first` is the place of the first of them. */
type Describe = (record: SourceRecord, first: number) => Iterable<string>;

function readingOf(path: string, { source, topic = '' }: ExplainOptions): RecordReading {
  const reading = createRecordReading(readSettings(surroundings().environment));
  if (source !== undefined || path === '-' || reading.valueOfLine(topic) !== undefined || !isTable(path))
    return reading;
  // Rows of cells are rows, whatever else is read.
  const { topics: _, ...decode } = reading.decode;
  return { ...reading, decode: { ...decode, records: 'rows' } };
}

async function recordsOf(
  path: string,
  { source, topic, from, limit }: ExplainOptions,
  reading: RecordReading,
): Promise<readonly SourceRecord[]> {
  if (source !== undefined && source !== 'kafka') throw new ConnectorError('USAGE', `--source ${source}: give kafka`);
  if (source !== undefined && topic === undefined) throw new ConnectorError('USAGE', '--source kafka needs --topic');
  const records =
    source === undefined || topic === undefined
      ? await recordsOfFile(path, topic, reading)
      : await newestOf({ topic, limit, ...(from !== undefined && { from }) });
  await reading.prepare(records);
  return records;
}

/** What it takes to talk to a broker is loaded only for that. */
async function newestOf(sample: TopicSample): Promise<readonly SourceRecord[]> {
  const { newestRecords } = await import('../../connector/topic-sample.ts');
  return newestRecords(readSettings(surroundings().environment), sample);
}

async function recordsOfFile(
  path: string,
  topic: string | undefined,
  { valueOfLine }: RecordReading,
): Promise<readonly SourceRecord[]> {
  const now = Date.now();
  const name = topic ?? 'explain';
  return (await readEvents(path, valueOfLine(name))).map((value, index) => recordOf(value, index, now, name));
}

async function describer(path: string, options: ExplainOptions, decode: DecodeOptions): Promise<Describe> {
  const showIdentifiers = options.showIdentifiers === true;
  const asJson = options.json === true;
  if (options.trigger !== undefined || options.mapping !== undefined) {
    const snippet = readSnippet(options.trigger, options.mapping);
    for (const warning of snippet.warnings) printAside(`warning: ${warning}`);
    return function* describe(whole, first) {
      let index = first;
      for (const record of recordsIn(whole, (record) => decodeRecord(record, decode))) {
        const result = trySnippet(snippet, record, index, { decode, showIdentifiers });
        yield asJson ? JSON.stringify(result) : renderSnippet(result, snippet);
        index += 1;
      }
    };
  }
  const destinations = chosenDestinations(await validDestinations(options), options);
  const settings = readSettings(surroundings().environment);
  if (path !== '-' && options.source === undefined)
    for (const text of await unreadColumnWarnings(path, destinations, validSources(settings), options.topic))
      printAside(`warning: ${text}`);
  const details = !asJson || options.verbose === true;
  const explainEvents = createExplainer({ destinations, decode, now: Date.now(), details, showIdentifiers });
  return function* describe(record, first) {
    for (const whole of explainEvents(record, first)) {
      const explanation = onlyOf(options.subscription, whole);
      yield asJson ? JSON.stringify(explanation) : renderExplanation(explanation);
    }
  };
}

/** What another subscription makes of the event may decide on this one (a duplicate), so all are asked. */
function onlyOf(subscription: string | undefined, explanation: Explanation): Explanation {
  if (subscription === undefined) return explanation;
  const isOf = (each: { readonly subscription: string }) => each.subscription === subscription;
  const { deliveries, skipped } = explanation;
  return { ...explanation, deliveries: deliveries.filter(isOf), skipped: skipped.filter(isOf) };
}
