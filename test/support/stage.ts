import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxOptions } from '../../src/sandbox/graph/options.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type ConnectorProcess, startConnector } from './connector-process.ts';
import { brokerForTests, committedOffsets, endOffsets, readAll, type TestBroker } from './kafka-broker.ts';
import { lettersOnce } from './letters-once.ts';
import { type Finished, runProgram } from './program.ts';

/** A broker, a sandbox in the place of Meta and a folder of mappings: all that a whole way through the product needs. */
export interface Stage {
  readonly broker: TestBroker;
  readonly sandbox: Sandbox;
  readonly graph: string;
  /** Of the mappings. */
  readonly folder: string;
  destination(name: string, settings: object, subscriptions?: readonly object[]): void;
  /** Starts a connector, which ends with the stage at the latest. Topic and group have the same name. */
  start(
    topic: string,
    environment?: Readonly<Record<string, string>>,
    ...parameters: readonly string[]
  ): ConnectorProcess;
  /** Runs the program to its end. */
  run(topic: string, ...parameters: readonly string[]): Promise<Finished>;
  /** The sandbox misbehaves from now on; without a fault it behaves again. */
  fault(fault?: object): Promise<void>;
  /** How often each event arrived at a dataset, by its id. */
  arrived(dataset: string): Promise<ReadonlyMap<string, number>>;
  /** Each once. */
  deadLetters(topic: string): ReturnType<typeof readAll>;
  /** The group's positions are behind everything in the topic. */
  committedToEnd(topic: string): Promise<boolean>;
  close(): Promise<void>;
}

export async function openStage(options: SandboxOptions = {}): Promise<Stage> {
  const broker = await brokerForTests();
  const sandbox = createSandbox(options);
  const graph = await sandbox.listen();
  const folder = mkdtempSync(join(tmpdir(), 'end-to-end-'));
  const running: ConnectorProcess[] = [];
  const environment = (topic: string) => ({
    KAFKA_BROKERS: broker.brokers.join(','),
    KAFKA_TOPICS: topic,
    KAFKA_GROUP_ID: topic,
    KAFKA_FROM: 'earliest',
    // The embedded broker lets a member in a second before it is over; a process on a busy machine may need the rest.
    KAFKA_SESSION_TIMEOUT_MS: '8000',
    META_REQUEST_TIMEOUT_MS: '6000',
    META_HAND_OVER_MARGIN_MS: '500',
    META_GRAPH_URL: graph,
    META_ACCESS_TOKEN: 'integration-test-token',
  });
  return {
    broker,
    sandbox,
    graph,
    folder,
    destination(name, settings, subscriptions = [{ name: 'Orders', action: 'purchase' }]) {
      const token = { access_token: { $env: 'META_ACCESS_TOKEN' } };
      const text = JSON.stringify({ name, settings: { ...token, ...settings }, subscriptions });
      writeFileSync(join(folder, `${name}.json`), text);
    },
    start(topic, more = {}, ...parameters) {
      const connector = startConnector({
        arguments: ['run', '--mappings', folder, ...parameters],
        environment: { ...environment(topic), ...more },
      });
      running.push(connector);
      return connector;
    },
    run: (topic, ...parameters) =>
      runProgram([...parameters, '--mappings', folder], { environment: environment(topic) }),
    async fault(fault) {
      const answer = await fetch(`${graph}/_sandbox/faults`, {
        method: fault === undefined ? 'DELETE' : 'POST',
        ...(fault !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) }),
      });
      if (!answer.ok) throw new Error(`the sandbox refused a fault: ${await answer.text()}`);
    },
    async arrived(dataset) {
      const text = await (await fetch(`${graph}/_sandbox/events?ids=true`)).text();
      const lines = text.split('\n').filter((line) => line !== '');
      const all = lines.map((line): { dataset: string; event_id: string; count: number } => JSON.parse(line));
      return new Map(all.filter((one) => one.dataset === dataset).map(({ event_id, count }) => [event_id, count]));
    },
    deadLetters: async (topic) => lettersOnce(await readAll(broker.brokers, `${topic}.dead-letters`)),
    async committedToEnd(topic) {
      const committed = await committedOffsets(broker.brokers, topic, topic);
      const ends = await endOffsets(broker.brokers, topic);
      return [...ends].every(([partition, end]) => (committed.get(partition) ?? 0) === end);
    },
    async close() {
      for (const connector of running) connector.kill('SIGKILL');
      await Promise.all(running.map(({ exited }) => exited));
      await sandbox.close();
      await broker.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
