import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { type ShopEvent, shopEvents } from '../../../examples/shop-events.ts';
import { createApi } from '../../api/api.ts';
import { packageVersion } from '../../config/build-info.ts';
import { type Connector, createConnector } from '../../connector/connector.ts';
import { systemClock } from '../../connector/system-clock.ts';
import { createDeadLetterBrowser, deadLetterPlace } from '../../connector/endpoints.ts';
import { activeMappings } from '../command/active-mappings.ts';
import { readSettings } from '../../config/environment.ts';
import { loadDestinations } from '../../config/load.ts';
import { startEmbeddedBroker } from '../../kafka/embedded/embedded-broker.ts';
import { produceRecords } from '../../kafka/client/produce.ts';
import { createSandbox } from '../../sandbox/server.ts';
import { loadBuiltInActions } from '../../connector/available-actions.ts';
import { accountFor } from './demo-accounts.ts';
import { type Summary, summary } from './demo-summary.ts';
import { exitCode } from '../command/exit-code.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { print } from '../command/print.ts';

interface DemoOptions {
  readonly once?: boolean;
  readonly events: number;
}

const topic = 'shop-events';

export function demoCommand(): Command {
  return new Command('demo')
    .description('Runs the real connector between an embedded broker and the sandbox, on events of an invented shop.')
    .option('--once', 'end after the last event; exit 0 only if every event is accounted for')
    .option('--events <number>', 'how many events', positiveInteger, 400)
    .action(async (options: DemoOptions) => {
      process.exitCode = await runDemo(options);
    });
}

async function runDemo({ once = false, events: count }: DemoOptions): Promise<number> {
  const asked = stopSignal();
  const own = process.env['KAFKA_BROKERS'];
  const broker = own === undefined ? await startEmbeddedBroker() : { brokers: own, stop: async () => {} };
  const sandbox = createSandbox();
  const graph = await sandbox.listen();
  const counted = summary();
  const name = own === undefined ? topic : `${topic}-${Date.now()}`;
  const connection = { brokers: broker.brokers.split(','), clientId: 'meta-actions-demo' };
  const events = [...shopEvents({ count, seed: 1, startTime: Date.now() })];
  let connector: Connector | undefined;
  try {
    print(`broker   ${broker.brokers}${own === undefined ? ' (embedded)' : ''}`);
    print(`sandbox  ${graph}/_sandbox      what "Meta" received`);
    // The first event makes the topic.
    await produceRecords(connection, name, events.slice(0, 1));
    connector = await demoConnector(broker.brokers, name, graph, counted, own === undefined);
    await connector.start();
    print(`console  ${connector.opsUrl()}/      what the connector does\n`);
    const producing = produceSlowly(connection, name, events.slice(1), once ? 2000 : 15_000);
    const watching = watch(counted);
    const finished = once ? Promise.all([producing, settledAll(connector, counted, events.length)]) : asked;
    await Promise.race([finished, asked, connector.failed()]);
    watching.stop();
    const clean = await connector.stop();
    connector = undefined;
    const accounts = accountFor(events, counted.counts, sandbox);
    print(`\n${accounts.text}`);
    if (!once) return exitCode.done;
    return clean && accounts.balanced ? exitCode.done : exitCode.failed;
  } finally {
    await connector?.stop();
    await sandbox.close();
    await broker.stop();
  }
}

async function demoConnector(
  brokers: string,
  name: string,
  graph: string,
  counted: Summary,
  embeddedBroker: boolean,
): Promise<Connector> {
  const environment = {
    LOG_LEVEL: 'warn',
    OPS_PORT: '0',
    ...process.env,
    KAFKA_BROKERS: brokers,
    KAFKA_TOPICS: name,
    KAFKA_GROUP_ID: `${name}-demo`,
    KAFKA_FROM: 'earliest',
    KAFKA_SESSION_TIMEOUT_MS: '6000',
    META_GRAPH_URL: graph,
    // Everything is on this machine.
    NO_PROXY: '*',
    no_proxy: '*',
    META_ACCESS_TOKEN: 'demo-access-token',
  };
  const path = join(packageFolder(), 'mappings/web-store.json');
  const actions = await loadBuiltInActions();
  const load = async () => loadDestinations(path, { actions, environment });
  const { destinations } = await load();
  const endpoints = { settings: readSettings(environment), source: 'kafka', embeddedBroker };
  const mappings = activeMappings({ destinations, load, connector: () => connector });
  const api = createApi({
    ...{ ...endpoints, mappings, now: Date.now, version: packageVersion() },
    deadLetters: deadLetterPlace(endpoints),
    browser: createDeadLetterBrowser(endpoints, systemClock),
  });
  const connector = createConnector({
    ...endpoints,
    destinations,
    observers: [counted, api.observer],
    watch: api.watch,
    serve: api.serve,
  });
  return connector;
}

/** Of the clone, or of the installed package, whose sources are one folder further down. */
function packageFolder(): string {
  return dirname(findPackageJSON('..', import.meta.url) ?? process.cwd());
}

/** Sends the events in small portions over `millis`, as a shop would. */
async function produceSlowly(
  connection: { readonly brokers: readonly string[]; readonly clientId: string },
  name: string,
  events: readonly ShopEvent[],
  millis: number,
): Promise<void> {
  const portions = 20;
  const size = Math.max(1, Math.ceil(events.length / portions));
  for (let start = 0; start < events.length; start += size) {
    await produceRecords(connection, name, events.slice(start, start + size));
    await sleep(millis / portions);
  }
}

async function settledAll(connector: Connector, counted: Summary, count: number): Promise<void> {
  while (counted.counts.read < count) await sleep(20);
  await connector.finished();
}

/** A line that is written over on a terminal, and now and then elsewhere. */
function watch(counted: Summary): { stop(): void } {
  const terminal = process.stdout.isTTY;
  let last = '';
  const show = () => {
    const line = counted.render();
    if (line === last) return;
    last = line;
    process.stdout.write(terminal ? `\r\u001b[2K${line}` : `${line}\n`);
  };
  const timer = setInterval(show, terminal ? 200 : 1000);
  return {
    stop() {
      clearInterval(timer);
      show();
      if (terminal) process.stdout.write('\n');
    },
  };
}

function positiveInteger(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 1_000_000) return number;
  throw new InvalidArgumentError('must be a number from 1 to 1000000');
}
