import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ConnectorError } from '../../core/errors.ts';
import { childEnvironment } from '../../core/child-environment.ts';
import { installedBroker, WAYS_TO_A_BROKER } from './embedded-broker-install.ts';

export interface EmbeddedBrokerOptions {
  /** Default: the environment of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** One line, on the first use only. Default: standard error. */
  readonly print?: (line: string) => void;
  /** Nodes of the cluster. Default 1. */
  readonly nodes?: number;
}

export interface EmbeddedBroker {
  /** Bootstrap servers, `host:port`, joined by commas. */
  readonly brokers: string;
  stop(): Promise<void>;
}

const READY_WITHIN_MILLIS = 15_000;

/**
 * Starts a Kafka-protocol broker on loopback: librdkafka's mock cluster in a child process, for the demo and the tests.
 * It creates any topic that is asked for with 4 partitions, keeps 5 MiB of each, and forgets everything when it stops.
 *
 * Rejects with `EMBEDDED_BROKER_…` when it can't be installed or doesn't start.
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions = {}): Promise<EmbeddedBroker> {
  const environment = options.environment ?? env;
  const print = options.print ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const module = await installedBroker({ environment, print });
  const child = spawn(process.execPath, [childScript(), module, String(options.nodes ?? 1)], {
    // RUST_LOG would silence or flood the one line that we need.
    env: { ...childEnvironment(environment), RUST_LOG: 'info' },
    // Our end of its stdin closes when this process dies, however it dies, and that ends the child.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const onExit = () => void child.kill('SIGKILL');
  process.once('exit', onExit);
  try {
    return { brokers: await bootstrapServers(child), stop: () => stop(child, onExit) };
  } catch (error) {
    await stop(child, onExit);
    throw error;
  }
}

/** Beside this file: TypeScript when run from the sources, JavaScript when built. */
function childScript(): string {
  const source = fileURLToPath(new URL('./embedded-broker-child.ts', import.meta.url));
  return existsSync(source) ? source : source.replace(/\.ts$/, '.js');
}

function bootstrapServers(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const fail = (why: string) => {
      clearTimeout(timer);
      reject(new ConnectorError('EMBEDDED_BROKER_START', `The embedded broker ${why}. ${WAYS_TO_A_BROKER}`));
    };
    const timer = setTimeout(() => fail(`was not ready within ${READY_WITHIN_MILLIS} ms`), READY_WITHIN_MILLIS);
    const read = (data: Buffer) => {
      seen = (seen + data.toString()).slice(-10_000);
      const servers = /replaced with ([\d.:,]+\d)/.exec(seen)?.[1];
      if (servers === undefined) return;
      clearTimeout(timer);
      resolve(servers);
    };
    // Read for as long as the broker runs: a full pipe would stop it.
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => fail(`could not be run: ${error.message}`));
    child.once('exit', (code) => fail(`ended with ${code}: ${seen.trim().slice(-500)}`));
  });
}

async function stop(child: ChildProcess, onExit: () => void): Promise<void> {
  process.off('exit', onExit);
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  await exited;
}
