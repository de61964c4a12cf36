import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { TestBroker } from '../support/kafka-broker.ts';
import { type BrokerLog, brokerLog, loggingOptions, mergedLogs } from './broker-log.ts';

/** A broker, or several, of one's own: Apache Kafka that can be stopped and started, and that tells of every commit. */
export interface FaultBroker extends Pick<TestBroker, 'brokers' | 'kind'> {
  /** Undefined: what the broker does can't be read, only asked. */
  readonly log?: BrokerLog;
  /** All of them, or the one with this id. Keeps its data and its port. */
  readonly halt?: (id?: number) => Promise<void>;
  /** At once, as a power cut does. */
  readonly kill?: (id: number) => Promise<void>;
  readonly startAgain?: (id?: number) => Promise<void>;
}

const script = resolve(import.meta.dirname, '../../scripts/kafka.sh');
const run = promisify(execFile);

export async function startFaultBroker(count = 1): Promise<FaultBroker & { stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'kafka-faults-'));
  const home = join(folder, 'kafka');
  const kafka = (command: string, id?: number) =>
    run(
      'bash',
      [
        ...[script, command, '--dir', home],
        ...(command === 'start' ? ['--brokers', String(count)] : []),
        ...(id === undefined ? [] : ['--broker', String(id)]),
      ],
      { env: { ...process.env, JAVA_TOOL_OPTIONS: loggingOptions, KAFKA_EXTRA_PROPERTIES: 'num.io.threads=4' } },
    );
  const { stdout } = await kafka('start');
  const brokers = stdout.trim().split('\n').at(-1)?.replace('KAFKA_BROKERS=', '').split(',') ?? [];
  const logs = brokers.map((_, index) =>
    brokerLog(count === 1 ? join(home, 'server.log') : join(home, `broker-${index + 1}`, 'server.log')),
  );
  const logsOf = (id?: number) => logs.filter((_, index) => id === undefined || index + 1 === id);
  return {
    brokers,
    kind: 'external',
    log: mergedLogs(logs),
    async halt(id) {
      await kafka('stop', id);
      for (const log of logsOf(id)) log.read();
    },
    async kill(id) {
      await kafka('kill', id);
      for (const log of logsOf(id)) log.read();
    },
    async startAgain(id) {
      for (const log of logsOf(id)) log.startedAgain();
      await kafka('start', id);
    },
    async stop() {
      await kafka('stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
