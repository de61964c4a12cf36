import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { AnswerOf } from '../api/server/handler.ts';
import { askOpsApi, type OpsApiOptions, opsUrlOption } from './command/ops-api.ts';
import { print } from './command/print.ts';
import { stopSignal } from './command/stop-signal.ts';

interface TopOptions extends OpsApiOptions {
  readonly once?: boolean;
}

const refreshMillis = 2_000;

export function topCommand(): Command {
  return new Command('top')
    .description('Shows how a running connector is: its state in a sentence, and each subscription with its rates.')
    .addOption(opsUrlOption())
    .option('--once', 'show it once and end')
    .action(top);
}

async function top(options: TopOptions): Promise<void> {
  const gone = new AbortController();
  void stopSignal().then(() => gone.abort());
  while (!gone.signal.aborted) {
    const [status, { subscriptions }] = await Promise.all([
      asked<AnswerOf<'status'>>(options, '/status'),
      asked<AnswerOf<'subscriptions'>>(options, '/subscriptions'),
    ]);
    if (options.once !== true && process.stdout.isTTY) console.clear();
    for (const line of linesOf(status, subscriptions)) print(line);
    if (options.once === true) return;
    await sleep(refreshMillis, undefined, { signal: gone.signal }).catch(() => undefined);
  }
}

async function asked<T>(options: OpsApiOptions, path: string): Promise<T> {
  return (await (await askOpsApi(options, path)).json()) as T;
}

type Subscription = AnswerOf<'subscriptions'>['subscriptions'][number];

function linesOf({ sentence, needs, inFlight }: AnswerOf<'status'>, subscriptions: readonly Subscription[]) {
  return [
    sentence,
    ...needs.map(({ title, fix }) => `! ${title}${fix === undefined ? '' : ` ${fix}`}`),
    `${inFlight.records} records in flight`,
    '',
    row('subscription', 'state', 'sent/s', 'sent', 'skipped', 'set aside'),
    ...subscriptions.map(({ destination, id, state, rates, sinceStart }) =>
      row(
        `${destination}/${id}`,
        state,
        rates.delivered.toFixed(1),
        ...[sinceStart.delivered, sinceStart.skipped, sinceStart.setAside].map(String),
      ),
    ),
  ];
}

function row(name: string, state: string, ...figures: readonly string[]): string {
  return `${name.padEnd(40)} ${state.padEnd(8)}${figures.map((figure) => figure.padStart(11)).join('')}`;
}
