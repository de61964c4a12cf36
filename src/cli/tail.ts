import { Command } from 'commander';
import type { AnswerOf } from '../api/server/handler.ts';
import { askOpsApi, type OpsApiOptions, opsUrlOption } from './command/ops-api.ts';
import { print } from './command/print.ts';
import { stopSignal } from './command/stop-signal.ts';

interface TailOptions extends OpsApiOptions {
  readonly destination?: string;
  readonly subscription?: string;
  readonly outcome?: string;
  readonly event?: string;
  readonly perSecond?: string;
  readonly json?: boolean;
}

export function tailCommand(): Command {
  return new Command('tail')
    .description('Shows decisions of a running connector as they happen, sampled. Identifiers of people are not shown.')
    .addOption(opsUrlOption())
    .option('--destination <name>', 'only of this destination')
    .option('--subscription <id>', 'only of this subscription')
    .option('--outcome <outcomes>', 'only these, comma-separated: sent, rejected, skipped, no_match, undecodable')
    .option('--event <text>', 'only of events whose name holds this text')
    .option('--per-second <count>', 'at most so many a second, 1 to 50 (default: 10)')
    .option('--json', 'one line of JSON each')
    .action(tail);
}

async function tail({ url, json, ...filter }: TailOptions): Promise<void> {
  const gone = new AbortController();
  void stopSignal().then(() => gone.abort());
  const query = new URLSearchParams(Object.entries(filter));
  try {
    const answer = await askOpsApi({ url }, `/decisions?${query}`, gone.signal);
    for await (const data of messagesOf(answer)) print(json === true ? data : lineOf(JSON.parse(data)));
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

/** The data of each message of a stream of Server-Sent Events. */
async function* messagesOf(answer: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of answer.body ?? []) {
    const messages = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const data = message.split('\n').find((line) => line.startsWith('data: '));
      if (data !== undefined) yield data.slice('data: '.length);
    }
  }
}

function lineOf(decision: AnswerOf<'decisions'>): string {
  const { at, outcome, type = '', event = '', destination, subscription, text } = decision;
  const of = destination === undefined ? '' : `${destination}/${subscription ?? ''}`;
  const time = new Date(at).toISOString().slice(11, 23);
  return [time, outcome.padEnd(11), `${type} ${event}`.trim().padEnd(28), of.padEnd(28), text].join('  ');
}
