import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { AnswerOf } from '../api/server/handler.ts';
import { endWithReader } from './command/end-with-reader.ts';
import { askOpsApi, type OpsApiOptions, withOpsOptions } from './command/ops-api.ts';
import { print } from './command/print.ts';
import { stopSignal } from './command/stop-signal.ts';
import { surroundings } from './command/surroundings.ts';

interface TopOptions extends OpsApiOptions {
  readonly once?: boolean;
  readonly json?: boolean;
}

const refreshMillis = 2_000;

export function topCommand(): Command {
  return withOpsOptions(new Command('top'))
    .description('Shows how a running connector is: its state in a sentence, and each subscription with its rates.')
    .option('--once', 'show it once and end')
    .option('--json', 'one line of JSON each time: the answers of /api/v1/status and /api/v1/subscriptions')
    .action(top);
}

async function top(options: TopOptions): Promise<void> {
  endWithReader();
  const gone = new AbortController();
  const { signal } = gone;
  void stopSignal().then(() => gone.abort());
  try {
    for (let shown = 0; !signal.aborted; shown += 1) {
      const [status, { subscriptions }] = await Promise.all([
        asked<AnswerOf<'status'>>(options, '/status', signal),
        asked<AnswerOf<'subscriptions'>>(options, '/subscriptions', signal),
      ]);
      if (options.json === true) print(JSON.stringify({ status, subscriptions }));
      else show(linesOf(status, subscriptions), shown > 0, options.once === true);
      if (options.once === true) return;
      await sleep(refreshMillis, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function asked<T>(options: OpsApiOptions, path: string, signal: AbortSignal): Promise<T> {
  return (await (await askOpsApi(options, path, signal)).json()) as T;
}

/** In a terminal each time takes the place of the one before; elsewhere a blank line parts them. */
function show(lines: readonly string[], again: boolean, once: boolean): void {
  const { isTTY = false, rows = 0 } = surroundings().stdout;
  const redraws = isTTY && !once;
  if (redraws) console.clear();
  else if (again) print('');
  const room = redraws && lines.length >= rows ? rows - 2 : lines.length;
  for (const line of lines.slice(0, room)) print(line.replaceAll('\n', '\\n'));
  if (room < lines.length) print(`… and ${lines.length - room} more: make the window higher, or see --once`);
}

type Subscription = AnswerOf<'subscriptions'>['subscriptions'][number];

function linesOf({ sentence, needs, inFlight }: AnswerOf<'status'>, subscriptions: readonly Subscription[]) {
  return [
    sentence,
    ...needs.map(({ title, fix }) => `! ${title}${fix === undefined ? '' : ` ${fix}`}`),
    `${inFlight.records} records in flight`,
    '',
    row('subscription', 'state', 'accepted/s', 'matched', 'sent', 'accepted', 'skipped', 'set aside'),
    ...subscriptions.map(({ destination, id, state, rates, sinceStart }) =>
      row(
        `${destination}/${id}`,
        state,
        rates.delivered.toFixed(1),
        ...[sinceStart.matched, sinceStart.sent, sinceStart.delivered, sinceStart.skipped, sinceStart.setAside].map(
          String,
        ),
      ),
    ),
  ];
}

function row(name: string, state: string, ...figures: readonly string[]): string {
  return `${name.padEnd(32)} ${state.padEnd(8)}${figures.map((figure) => figure.padStart(11)).join('')}`;
}
