import { setTimeout as sleep } from 'node:timers/promises';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type ConnectorProcess, startConnector } from '../support/connector-process.ts';
import { asAdmin, committedOffsets, createTopic, endOffsets, produce, uniqueName } from '../support/kafka-broker.ts';
import type { Envelope } from '../support/kafka-envelopes.ts';
import { produceRaw } from '../support/raw-produce.ts';
import { type Doorway, openDoorway } from './doorway.ts';
import type { CommitFact, Evidence, Interruption, SourceFact } from './evidence.ts';
import type { FaultBroker } from './fault-broker.ts';
import { arrivals, letterFacts, sourceFacts } from './harvest.ts';
import { commitLate } from './late-commit.ts';
import { createLetterTopic, refuseLetters } from './letter-topic.ts';
import { orders, type Workload } from './workload.ts';

export interface SceneOptions {
  readonly broker: FaultBroker;
  /** Records in all. */
  readonly count: number;
  /** Another program than the one of this repository. */
  readonly program?: string;
  /** Default: orders. */
  readonly workload?: Workload;
  readonly partitions?: number;
  /** Of the topic of dead letters; 1 by default. */
  readonly letterPartitions?: number;
  /** In a request to Meta; 1,000 by default. */
  readonly maxEvents?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** A way of its own for each connector: tells them apart, and can keep what passes. */
  readonly doorways?: boolean;
  /** What happens to the connectors while something is away: the newest one is restarted, or another one joins. */
  readonly meanwhile?: 'restart' | 'join';
  /** How long `strikes` waits. Default: long enough for a bug, not for ever. */
  readonly strikeMillis?: number;
}

/** A topic, connectors, a sandbox, and everything that happens between them. */
export interface Scene {
  readonly count: number;
  readonly brisk: boolean;
  readonly broker: FaultBroker;
  /** The group has the same name. */
  readonly topic: string;
  readonly letterTopic: string;
  /** The folder that connectors read. */
  readonly mappings: string;
  readonly sandbox: Sandbox;
  /**
   * Starts one more connector of the group and waits until it is ready.
   *
   * @param program Another one than that of the scene.
   */
  start(program?: string): Promise<ConnectorProcess>;
  /** In the middle of an outage: whatever the scene is to do then. What starts is ready when the outage is over. */
  meanwhile(): Promise<void>;
  /** Produces the next records. */
  produce(count: number): Promise<void>;
  /** The next records, all into one partition, each with a header that has no value. */
  produceBare(count: number): Promise<void>;
  /** The Graph API misbehaves from now on; without a fault it behaves again. */
  fault(fault?: Readonly<Record<string, unknown>>): Promise<void>;
  down(seconds: number): Promise<void>;
  /** Resolves when Meta has accepted so many events more. */
  accepted(more: number): Promise<void>;
  /** Resolves when Meta has had so many requests. */
  requested(requests: number): Promise<void>;
  /** Answers or commits may be lost from now on, for so long. */
  interrupted(forMillis?: number): void;
  /** Of a connector of a scene with doorways. */
  doorway(connector: ConnectorProcess): Doorway;
  /** Waits for a condition that comes in any case, with a bound that only ends what hangs. */
  until(what: string, condition: () => boolean | Promise<boolean>): Promise<void>;
  /** Waits for what a bug does: until it has happened, or for as long as a sound program is watched. */
  strikes(condition: () => boolean | Promise<boolean>): Promise<void>;
  /** Deletes the topic and makes it anew: what is produced from now on is all that it holds. */
  remakeTopic(): Promise<void>;
  /** The highest position that the group has told of any partition. */
  committed(): Promise<number>;
  /** Resolves when every record is committed. */
  settled(withinMillis?: number): Promise<void>;
  /** From now on the topic of dead letters takes no message, or takes them again. */
  refuseLetters(refuse: boolean): Promise<void>;
  /** Of all datasets, or of one. */
  evidence(dataset?: string): Promise<Evidence>;
  requests(): number;
  connectors(): readonly ConnectorProcess[];
  /** Ends every connector, and tells how they ended; null: by a signal of the row. */
  stop(): Promise<readonly (number | null | 'still running')[]>;
  close(): Promise<void>;
}

const settleWithinMillis = 180_000;
const stopWithinMillis = 40_000;
/** No answer is too late, however busy the machine is: what is sent twice is the row's doing. */
const patient = { META_REQUEST_TIMEOUT_MS: '20000', META_REQUEST_ALIVE_MS: '30000' };
/** The session must be longer, where audiences are changed. */
const hasty = { META_REQUEST_TIMEOUT_MS: '1500', META_REQUEST_ALIVE_MS: '3500' };

export async function openScene(options: SceneOptions): Promise<Scene> {
  const { broker, count, workload = orders, partitions = 6 } = options;
  const brisk = broker.kind === 'external';
  const topic = uniqueName('faults');
  const letterTopic = `${topic}.dead-letters`;
  const sandbox = createSandbox({
    keepRequests: 100_000,
    keepRequestBytes: 1,
    keepEvents: 20 * Math.max(count, 20_000),
    audiences: [{ id: '120211', accountId: '77', name: 'gold' }],
  });
  const graph = await sandbox.listen();
  await createTopic(broker.brokers, topic, { partitions });
  if (brisk) await createLetterTopic(broker.brokers, letterTopic, options.letterPartitions ?? 1);
  const mappings = workload.mappings({ max_events: options.maxEvents ?? (brisk ? 1000 : 50) });
  const running: ConnectorProcess[] = [];
  const starting: Promise<unknown>[] = [];
  const doorways = new Map<string, Doorway>();
  const doorwayOf = new Map<ConnectorProcess, Doorway>();
  const interruptions: Interruption[] = [];
  const seenCommits: CommitFact[] = [];
  const watching = new AbortController();
  let produced = 0;
  /** Of logs of the topic that are gone: what they held, and by which names commits call them. */
  const formerRecords: SourceFact[] = [];
  const formerLogs = new Set<string>();
  let watched: Promise<void> | undefined;

  const killAll = () => {
    for (const connector of running) connector.kill('SIGKILL');
  };
  process.once('exit', killAll);

  const admin = async (path: string, body?: object) => {
    const answer = await fetch(`${graph}/_sandbox/${path}`, {
      method: body === undefined ? 'DELETE' : 'POST',
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the sandbox refused ${path}: ${await answer.text()}`);
  };

  /** Where the broker doesn't tell of commits, it is asked all the time. */
  async function watch(): Promise<void> {
    while (!watching.signal.aborted) {
      await lookAtCommits().catch(() => undefined);
      await sleep(100);
    }
  }

  async function lookAtCommits(): Promise<void> {
    const found = await committedOffsets(broker.brokers, topic, topic);
    const at = Date.now();
    for (const [partition, offset] of found) {
      if (seenCommits.findLast((one) => one.partition === partition)?.offset === offset) continue;
      seenCommits.push({ partition, offset, at });
    }
  }

  function interrupted(forMillis = 0): void {
    const from = Date.now();
    interruptions.push({ from, to: from + forMillis });
  }

  async function start(program = options.program): Promise<ConnectorProcess> {
    const name = `connector-${running.length + 1}`;
    const doorway = options.doorways === true ? await openDoorway(graph) : undefined;
    if (doorway !== undefined) doorways.set(name, doorway);
    const connector = startConnector({
      ...(program !== undefined && { program }),
      arguments: ['run', '--mappings', mappings],
      environment: {
        KAFKA_BROKERS: broker.brokers.join(','),
        KAFKA_TOPICS: topic,
        KAFKA_GROUP_ID: topic,
        KAFKA_CLIENT_ID: name,
        KAFKA_FROM: 'earliest',
        KAFKA_SESSION_TIMEOUT_MS: brisk ? '6000' : '4000',
        META_GRAPH_URL: doorway?.url ?? graph,
        ...(workload.audience === undefined ? patient : hasty),
        META_HAND_OVER_MARGIN_MS: '2000',
        ...options.environment,
      },
    });
    running.push(connector);
    if (doorway !== undefined) doorwayOf.set(connector, doorway);
    await connector.ready();
    watched ??= broker.log === undefined ? watch() : Promise.resolve();
    return connector;
  }

  /** As an orchestrator does: a start that fails, because the broker is away, is tried again. */
  async function startUntilReady(): Promise<void> {
    while (!watching.signal.aborted) {
      const started = await start().catch(() => undefined);
      scene.interrupted();
      if (started !== undefined) return;
      running.pop();
      await sleep(500);
    }
  }

  async function meanwhile(): Promise<void> {
    if (options.meanwhile === undefined) return;
    scene.interrupted();
    if (options.meanwhile === 'restart') {
      const last = running.pop();
      last?.kill('SIGTERM');
      // How it ends tells whether all was committed, which it can't be while the broker is away.
      await last?.exited;
      scene.interrupted();
    }
    starting.push(startUntilReady());
  }

  function bareEnvelope(index: number): Envelope {
    const { key, value } = workload.record(topic, index);
    const headers = [['number', Buffer.from(String(index))] as const, ['empty', null] as const];
    return { key: Buffer.from(key), value, headers, timestamp: BigInt(Date.now()) };
  }

  async function until(what: string, condition: () => boolean | Promise<boolean>, withinMillis = settleWithinMillis) {
    const deadline = Date.now() + withinMillis;
    while (!(await condition())) {
      if (Date.now() > deadline) {
        const logs = running.map((one) => one.log().split('\n').slice(-12).join('\n'));
        throw new Error(`not ${what} within ${withinMillis} ms\n${logs.join('\n---\n')}`);
      }
      await sleep(50);
    }
  }

  function commits(): readonly CommitFact[] {
    if (broker.log === undefined) return seenCommits;
    broker.log.read();
    return broker.log.commits(topic);
  }

  const logOf = ({ metadata = '' }: CommitFact) => /^log=([^;]+)/.exec(metadata)?.[1];

  /** A position of a log that is gone says nothing of the present one. */
  function commitsOfLog(): readonly CommitFact[] {
    return commits().filter((commit) => !formerLogs.has(logOf(commit) ?? ''));
  }

  function memberships() {
    const { audience, members } = workload;
    if (audience === undefined || members === undefined) return [];
    const found = sandbox.state.audiences().find(({ name }) => name === audience);
    return [{ audience, expected: members(produced), found: sandbox.state.members(found?.id ?? '') }];
  }

  const scene: Scene = {
    count,
    brisk,
    broker,
    topic,
    letterTopic,
    mappings,
    sandbox,
    start,
    meanwhile,
    async produce(more) {
      const indexes = Array.from({ length: more }, (_, index) => produced + index);
      produced += more;
      await produce(
        broker.brokers,
        topic,
        indexes.map((index) => {
          const { key, value } = workload.record(topic, index);
          return { key, value, headers: { number: String(index) } };
        }),
      );
    },
    async produceBare(more) {
      const portion = 400;
      for (const end = produced + more; produced < end; ) {
        const indexes = Array.from({ length: Math.min(portion, end - produced) }, (_, index) => produced + index);
        produced += indexes.length;
        const error = await produceRaw(broker.brokers[0] ?? '', topic, indexes.map(bareEnvelope), 'none');
        if (error !== 0) throw new Error(`the broker refused a batch: ${error}`);
      }
    },
    fault: (fault) => admin('faults', fault),
    async down(seconds) {
      interrupted();
      await admin('down', { seconds });
    },
    async accepted(more) {
      const before = sandbox.state.summary().events.unique;
      await until('accepted', () => sandbox.state.summary().events.unique >= before + more);
    },
    doorway(connector) {
      const found = doorwayOf.get(connector);
      if (found === undefined) throw new Error('the scene has no doorways');
      return found;
    },
    until,
    async strikes(condition) {
      const end = Date.now() + (options.strikeMillis ?? 3_000);
      while (Date.now() < end && !(await condition())) await sleep(50);
    },
    async remakeTopic() {
      const known = Array.from({ length: produced }, (_, index) => workload.record(topic, index));
      const facts = await sourceFacts(broker.brokers, topic, known);
      // Places of their own: the new log has the same ones again.
      formerRecords.push(...facts.map((fact) => ({ ...fact, partition: fact.partition - 1_000 })));
      for (const commit of commits()) formerLogs.add(logOf(commit) ?? '');
      const positions = await asAdmin(broker.brokers, (client) =>
        client.fetchOffsets({ groupId: topic, topics: [topic] }),
      );
      await asAdmin(broker.brokers, async (client) => {
        if ((await client.listTopics()).includes(topic)) await client.deleteTopics({ topics: [topic] });
      });
      await until(
        'deleted',
        async () => !(await asAdmin(broker.brokers, (client) => client.listTopics())).includes(topic),
      );
      await createTopic(broker.brokers, topic, { partitions });
      await commitLate(broker.brokers, topic, positions);
    },
    async committed() {
      if (broker.log === undefined) await lookAtCommits();
      return Math.max(0, ...commits().map(({ offset }) => offset));
    },
    requested: (wanted) => until('requested', () => sandbox.state.summary().requests.total >= wanted),
    interrupted,
    async settled(withinMillis) {
      await Promise.all(starting);
      const wanted = await endOffsets(broker.brokers, topic);
      await until(
        'settled',
        async () => {
          const committed = await committedOffsets(broker.brokers, topic, topic).catch(() => new Map());
          return [...wanted].every(([partition, end]) => (committed.get(partition) ?? 0) === end);
        },
        withinMillis,
      );
    },
    refuseLetters: (refuse) => refuseLetters(broker.brokers, letterTopic, refuse),
    async evidence(dataset) {
      if (broker.log === undefined) await lookAtCommits();
      const known = Array.from({ length: produced }, (_, index) => workload.record(topic, index));
      const [records, letters, wanted] = await Promise.all([
        sourceFacts(broker.brokers, topic, known),
        letterFacts(broker.brokers, letterTopic),
        endOffsets(broker.brokers, topic),
      ]);
      const senders = new Map([...doorways].map(([name, { host }]) => [host, name]));
      return {
        records: [...formerRecords, ...records],
        arrivals: arrivals(sandbox.state, senders, dataset),
        letters,
        commits: commitsOfLog(),
        generations: broker.log?.generations(topic) ?? [],
        interruptions,
        ends: wanted,
        memberships: memberships(),
      };
    },
    requests: () => sandbox.state.summary().requests.total,
    connectors: () => running,
    async stop() {
      for (const connector of running) connector.kill('SIGTERM');
      const late = sleep(stopWithinMillis, 'still running' as const, { ref: false });
      return Promise.all(running.map(({ exited }) => Promise.race([exited, late])));
    },
    async close() {
      process.off('exit', killAll);
      watching.abort();
      await watched;
      killAll();
      await Promise.all(running.map(({ exited }) => exited));
      for (const doorway of doorways.values()) await doorway.close();
      await sandbox.close();
    },
  };
  return scene;
}
