import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestBroker } from '../support/kafka-broker.ts';
import { type BrokerLog, brokerLog, loggingOptions } from './broker-log.ts';

/** A broker of one's own: Apache Kafka that can be stopped and started, and that tells of every commit. */
export interface FaultBroker extends Pick<TestBroker, 'brokers' | 'kind'> {
  /** Undefined: what the broker does can't be read, only asked. */
  readonly log?: BrokerLog;
  /** Keeps its data and its port. */
  readonly halt?: () => Promise<void>;
  readonly startAgain?: () => Promise<void>;
}

const script = resolve(import.meta.dirname, '../../scripts/kafka.sh');
const run = promisify(execFile);

export async function startFaultBroker(): Promise<FaultBroker & { stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-faults-'));
  const home = join(folder, 'kafka');
  const kafka = (command: string) =>
    run('bash', [script, command, '--dir', home], {
      env: { ...process.env, JAVA_TOOL_OPTIONS: loggingOptions, KAFKA_EXTRA_PROPERTIES: 'num.io.threads=4' },
    });
  const { stdout } = await kafka('start');
  const brokers = stdout.trim().split('\n').at(-1)?.replace('KAFKA_BROKERS=', '').split(',') ?? [];
  const log = brokerLog(join(home, 'server.log'));
  return {
    brokers,
    kind: 'external',
    log,
    async halt() {
      await kafka('stop');
      log.read();
    },
    async startAgain() {
      log.startedAgain();
      await kafka('start');
    },
    async stop() {
      await kafka('stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
