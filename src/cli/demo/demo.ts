import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { shopEvents } from '../../../examples/shop-events.ts';
import { createApi } from '../../api/api.ts';
import { packageVersion } from '../../config/build-info.ts';
import type { Connector } from '../../connector/connector-types.ts';
import { createConnector } from '../../connector/connector.ts';
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
import { demoEnvironment } from './demo-environment.ts';
import { type DemoMappings, editableMappings, packagedMapping } from './demo-mappings.ts';
import { keepProducing, produceSlowly } from './demo-traffic.ts';
import { type Summary, summary } from './demo-summary.ts';
import { exitCode } from '../command/exit-code.ts';
import { stopSignal } from '../command/stop-signal.ts';
import { print } from '../command/print.ts';
import { exitWhenDone } from '../command/exit.ts';
import { surroundings } from '../command/surroundings.ts';

interface DemoOptions {
  readonly once?: boolean;
  readonly events: number;
}

const topic = 'shop-events';
/** Soon enough that every page has something to show. */
const burstMillis = 6000;

export function demoCommand(): Command {
  return new Command('demo')
    .description('Runs the real connector between an embedded broker and the sandbox, on events of an invented shop.')
    .option('--once', 'end after the last event; exit 0 only if every event is accounted for')
    .option(
      '--events <number>',
      'how many events at once; without --once more follow until it is stopped',
      positiveInteger,
      400,
    )
    .action(async (options: DemoOptions) => {
      exitWhenDone(await runDemo(options));
    });
}

async function runDemo({ once = false, events: count }: DemoOptions): Promise<number> {
  const asked = stopSignal();
  const own = surroundings().environment['KAFKA_BROKERS'];
  const broker = own === undefined ? await startEmbeddedBroker() : { brokers: own, stop: async () => {} };
  const sandbox = createSandbox();
  const graph = await sandbox.listen();
  const counted = summary();
  const name = own === undefined ? topic : `${topic}-${Date.now()}`;
  const connection = { brokers: broker.brokers.split(','), clientId: 'meta-actions-demo' };
  const traffic = { connection, topic: name };
  const events = [...shopEvents({ count, seed: 1, startTime: Date.now() })];
  const mappings = once ? packagedMapping() : editableMappings();
  const ended = new AbortController();
  let connector: Connector | undefined;
  try {
    print(`broker   ${broker.brokers}${own === undefined ? ' (embedded)' : ''}`);
    print(`sandbox  ${graph}/_sandbox      what "Meta" received`);
    // The first event makes the topic.
    await produceRecords(connection, name, events.slice(0, 1));
    connector = await demoConnector({ brokers: broker.brokers, name, graph, counted, mappings, own });
    await connector.start();
    print(`console  ${connector.opsUrl()}/      what the connector does`);
    if (!once) print(`mappings ${mappings.path}      change them, and let the console read them again`);
    print(once ? '' : 'The shop goes on until Ctrl-C.\n');
    const producing = Promise.all([
      produceSlowly(traffic, events.slice(1), once ? 2000 : burstMillis),
      ...(once ? [] : [keepProducing(traffic, ended.signal)]),
    ]);
    producing.catch(() => undefined);
    const watching = watch(counted);
    const finished = once ? Promise.all([producing, settledAll(connector, counted, events.length)]) : producing;
    await Promise.race([finished, asked, connector.failed()]);
    watching.stop();
    ended.abort();
    const clean = await connector.stop();
    connector = undefined;
    if (!once) return exitCode.done;
    const accounts = accountFor(events, counted.counts, sandbox);
    print(`\n${accounts.text}`);
    return clean && accounts.balanced ? exitCode.done : exitCode.failed;
  } finally {
    ended.abort();
    await connector?.stop();
    await sandbox.close();
    await broker.stop();
    mappings.remove();
  }
}

interface DemoParts {
  readonly brokers: string;
  readonly name: string;
  readonly graph: string;
  readonly counted: Summary;
  readonly mappings: DemoMappings;
  /** Brokers that were named; undefined: the embedded one. */
  readonly own: string | undefined;
}

async function demoConnector({ brokers, name, graph, counted, mappings, own }: DemoParts): Promise<Connector> {
  const environment = demoEnvironment(surroundings().environment, { brokers, topic: name, graph });
  const actions = await loadBuiltInActions();
  const load = async () => loadDestinations(mappings.path, { actions, environment });
  const { destinations } = await load();
  const endpoints = { settings: readSettings(environment), source: 'kafka', embeddedBroker: own === undefined };
  const active = activeMappings({ destinations, load, connector: () => connector });
  const api = createApi({
    ...{ ...endpoints, mappings: active, now: Date.now, version: packageVersion() },
    deadLetters: () => deadLetterPlace(endpoints),
    browser: () => createDeadLetterBrowser(endpoints, systemClock),
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

async function settledAll(connector: Connector, counted: Summary, count: number): Promise<void> {
  while (counted.counts.read < count) await sleep(20);
  await connector.finished();
}

/** A line that is written over on a terminal, and now and then elsewhere. */
function watch(counted: Summary): { stop(): void } {
  const { stdout } = surroundings();
  const terminal = stdout.isTTY === true;
  let last = '';
  const show = () => {
    const line = counted.render();
    if (line === last) return;
    last = line;
    stdout.write(terminal ? `\r\u001b[2K${line}` : `${line}\n`);
  };
  const timer = setInterval(show, terminal ? 200 : 1000);
  return {
    stop() {
      clearInterval(timer);
      show();
      if (terminal) stdout.write('\n');
    },
  };
}

function positiveInteger(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= 1_000_000) return number;
  throw new InvalidArgumentError('must be a number from 1 to 1000000');
}
