import { Command } from 'commander';
import type { AnswerOf } from '../api/server/handler.ts';
import { ConnectorError } from '../core/errors.ts';
import { endWithReader } from './command/end-with-reader.ts';
import { askOpsApi, type OpsApiOptions, opsGone, withOpsOptions } from './command/ops-api.ts';
import { print } from './command/print.ts';
import { actionsOption, mappingsOption, type MappingsOptions } from './command/mappings-option.ts';
import { stopSignal } from './command/stop-signal.ts';
import { tailTopics } from './tail-topic.ts';

interface TailOptions extends OpsApiOptions, MappingsOptions {
  readonly source?: string;
  readonly from?: string;
  readonly destination?: string;
  readonly subscription?: string;
  readonly outcome?: string;
  readonly event?: string;
  readonly perSecond?: string;
  readonly json?: boolean;
}

export function tailCommand(): Command {
  return withOpsOptions(new Command('tail'))
    .description(
      'Shows decisions as they happen, sampled: of a running connector, or of a topic. Identifiers of people are not shown.',
    )
    .option(
      '--source <source>',
      'kafka: what would be decided about KAFKA_TOPICS, by the mappings; no connector is asked',
    )
    .option('--from <place>', 'with --source kafka: earliest, an ISO 8601 time, or an age (default: what comes now)')
    .addOption(mappingsOption())
    .addOption(actionsOption())
    .option('--destination <name>', 'only of this destination')
    .option('--subscription <id>', 'only of this subscription')
    .option('--outcome <outcomes>', 'only these, comma-separated: sent, rejected, skipped, no_match, undecodable')
    .option('--event <text>', 'only of events whose name holds this text')
    .option('--per-second <count>', 'at most so many a second, 1 to 50 (default: 10)')
    .option('--json', 'one line of JSON each')
    .action(tail);
}

async function tail({ source, from, mappings, actions, ...options }: TailOptions): Promise<void> {
  endWithReader();
  if (source === undefined && from === undefined) return tailConnector(options);
  if (source !== 'kafka') throw new ConnectorError('USAGE', 'give --source kafka, or neither --source nor --from');
  const { json, perSecond, destination, subscription, outcome, event } = options;
  const gone = new AbortController();
  void stopSignal().then(() => gone.abort());
  const query = {
    ...(destination !== undefined && { destination }),
    ...(subscription !== undefined && { subscription }),
    ...(outcome !== undefined && { outcome }),
    ...(event !== undefined && { event }),
    ...(perSecond !== undefined && { perSecond: Number(perSecond) || 0 }),
  };
  const show = (decision: AnswerOf<'decisions'>) => print(json === true ? JSON.stringify(decision) : lineOf(decision));
  const given = { from: from ?? 'latest', query, mappings, ...(actions !== undefined && { actions }) };
  await tailTopics(given, show, gone.signal);
}

async function tailConnector({ url, token, json, ...filter }: Omit<TailOptions, keyof MappingsOptions>): Promise<void> {
  const gone = new AbortController();
  void stopSignal().then(() => gone.abort());
  const query = new URLSearchParams(Object.entries(filter));
  const access = { url, ...(token !== undefined && { token }) };
  try {
    const answer = await askOpsApi(access, `/decisions?${query}`, gone.signal);
    for await (const data of messagesOf(answer, url)) print(json === true ? data : lineOf(JSON.parse(data)));
    throw opsGone(url);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

/** The data of each message of a stream of Server-Sent Events, until the stream ends. */
async function* messagesOf(answer: Response, url: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunksOf(answer, url)) {
    const messages = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const data = message.split('\n').find((line) => line.startsWith('data: '));
      if (data !== undefined) yield data.slice('data: '.length);
    }
  }
}

async function* chunksOf({ body }: Response, url: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? [];
  } catch (error) {
    throw opsGone(url, error);
  }
}

function lineOf(decision: AnswerOf<'decisions'>): string {
  const { at, outcome, type = '', event = '', destination, subscription, text } = decision;
  const of = destination === undefined ? '' : `${destination}/${subscription ?? ''}`;
  const time = new Date(at).toISOString().slice(11, 23);
  const line = [time, outcome.padEnd(11), `${type} ${event}`.trim().padEnd(28), of.padEnd(28), text].join('  ');
  // A name of an event may hold anything, and a decision is one line.
  return line.replaceAll('\n', '\\n');
}
