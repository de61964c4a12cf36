import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnswerOf } from '../../src/api/server/handler.ts';
import { type ConnectorProcess, startConnector } from '../support/connector-process.ts';
import { samplesOf } from '../support/exposition.ts';
import { createTopic, produce, uniqueName } from '../support/kafka-broker.ts';
import { orderRecord } from '../support/orders.ts';
import { openStage, type Stage } from '../support/stage.ts';

/** Members of one group join at once, which the embedded broker takes only from a leader that waits for the others. */
const patched = new URL('../support/leader-syncs-last.ts', import.meta.url);
const environment = {
  OPS_PORT: '0',
  NODE_OPTIONS: `--import=data:text/javascript,import{leaderSyncsLast}from%22${patched}%22;leaderSyncsLast()`,
};
const dataset = '1234567890';
const partitions = 4;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  stage.destination('shop', { pixel_id: dataset });
});
afterAll(() => stage?.close());

describe('a run with two workers', () => {
  let topic: string;
  let run: ConnectorProcess;
  let produced = 0;
  const sent: Order[] = [];
  beforeAll(async () => {
    topic = uniqueName('workers');
    await createTopic(stage.broker.brokers, topic, { partitions });
    await more(600);
    run = stage.start(topic, environment, '--workers', '2');
    await run.ready();
  });

  async function more(count: number): Promise<readonly Order[]> {
    const orders = Array.from({ length: count }, (_, index) => orderRecord(topic, produced + index));
    produced += count;
    await produce(stage.broker.brokers, topic, orders);
    sent.push(...orders);
    return orders;
  }

  const arrivedAll = async () => {
    const arrived = await stage.arrived(dataset);
    return sent.every(({ eventId }) => eventId === undefined || arrived.has(eventId));
  };

  async function figure(name: string): Promise<number> {
    const text = await (await fetch(`${run.opsUrl()}/metrics`)).text();
    return samplesOf(text)
      .filter((sample) => sample.name === name)
      .reduce((sum, { value }) => sum + value, 0);
  }

  async function get<T>(path: string): Promise<T> {
    return (await (await fetch(`${run.opsUrl()}/api/v1${path}`)).json()) as T;
  }

  async function post<T>(path: string, body: object = {}): Promise<T> {
    const { token } = await get<AnswerOf<'session'>>('/session');
    const headers = { 'content-type': 'application/json', 'x-meta-actions-token': token ?? '' };
    const asked = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`${run.opsUrl()}/api/v1${path}`, asked);
    return (await answer.json()) as T;
  }

  const status = () => get<AnswerOf<'status'>>('/status');
  /** The newest process of each worker. */
  const pidOf = (worker: number) =>
    Number(
      [...run.log().matchAll(/"kind":"worker_begun","worker":(\d+),"pid":(\d+)/g)].findLast(
        ([, of]) => Number(of) === worker,
      )?.[2],
    );

  /** What the console says that Meta accepted, when everything has its end: it can't be more than arrived, or less. */
  async function deliveredAndCounted(): Promise<number> {
    await expect.poll(arrivedAll).toBe(true);
    const isDone = async () => {
      const { workers = [], inFlight, sinceStart } = await status();
      const isWhole = workers.every(({ state }) => state === 'running') && inFlight.records === 0;
      return isWhole && sinceStart.delivered === (await figure('delivered_total'));
    };
    await expect.poll(isDone).toBe(true);
    const { delivered } = (await status()).sinceStart;
    // Some arrive twice: when a partition changes hands, or an answer is lost.
    const times = [...(await stage.arrived(dataset)).values()];
    expect(delivered).toBeGreaterThanOrEqual(times.length);
    expect(delivered).toBeLessThanOrEqual(times.reduce((sum, count) => sum + count, 0));
    return delivered;
  }

  test('shares the topic, and has one log and one set of figures', async () => {
    await expect.poll(arrivedAll).toBe(true);
    await expect.poll(() => figure('records_settled_total')).toBeGreaterThanOrEqual(600);
    await expect.poll(() => figure('partition_assigned')).toBe(partitions);
    expect(new Set([run.pid, pidOf(1), pidOf(2)]).size).toBe(3);
    if (process.platform === 'linux')
      expect(readFileSync(`/proc/${pidOf(1)}/environ`, 'latin1').split('\0')).toContain('MALLOC_ARENA_MAX=1');
    for (const line of run.log().trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    expect(run.log()).toMatch(/^\{"worker":1,.*"kind":"started"/m);
    expect(run.log()).toMatch(/^\{"worker":2,.*"kind":"started"/m);
  });

  test('has one console, which counts what both have done and says who does what', async () => {
    await expect
      .poll(async () => (await status()).workers)
      .toEqual([
        { worker: 1, state: 'running', partitions: 2 },
        { worker: 2, state: 'running', partitions: 2 },
      ]);
    await more(400);
    const delivered = await deliveredAndCounted();
    await expect.poll(async () => (await status()).sentence).toMatch(/^All is well\./);
    const { sinceStart, member } = await status();
    expect(sinceStart).toMatchObject({
      delivered,
      read: await figure('records_read_total'),
      setAside: await figure('set_aside_total'),
    });
    expect(member.partitions.length).toBe(partitions);
    const { destinations } = await get<AnswerOf<'destinations'>>('/destinations');
    expect(destinations[0]?.sinceStart.delivered).toBe(delivered);
    const { subscriptions } = await get<AnswerOf<'subscriptions'>>('/subscriptions');
    expect(subscriptions[0]?.sinceStart.delivered).toBe(delivered);
    await expect
      .poll(async () => (await get<AnswerOf<'history'>>('/history')).delivered.reduce((sum, count) => sum + count, 0))
      .toBe(delivered);
    const read = await get<AnswerOf<'partitions'>>('/partitions');
    expect(read.partitions.map(({ worker }) => worker).sort()).toEqual([1, 1, 2, 2]);
    expect((await get<AnswerOf<'lanes'>>('/lanes')).lanes.map(({ name, waiting }) => [name, waiting])).toEqual([
      ['shop', 0],
    ]);
    const { members } = await get<AnswerOf<'members'>>('/members');
    expect(members.map(({ name, self }) => [name.split(',')[0], self])).toEqual([
      ['worker 1', true],
      ['worker 2', true],
    ]);
    const coverage = await get<AnswerOf<'coverage'>>('/coverage');
    expect(coverage.subscriptions[0]?.keys.find(({ field }) => field === 'em')?.share).toBeGreaterThan(0.9);
  });

  test('lets in whom one process would let in', async () => {
    const headers = { 'content-type': 'application/json' };
    const refused = async (more: Readonly<Record<string, string>>) => {
      const answer = await fetch(`${run.opsUrl()}/api/v1/destinations/shop/pause`, {
        method: 'POST',
        headers: { ...headers, ...more },
        body: '{}',
      });
      return [answer.status, ((await answer.json()) as { readonly code?: string }).code];
    };
    expect(await refused({})).toEqual([403, 'PAGE_TOKEN_NEEDED']);
    expect(await refused({ 'x-meta-actions-token': 'guessed' })).toEqual([403, 'PAGE_TOKEN_NEEDED']);
    expect((await refused({ origin: 'http://shop.example.com' }))[0]).toBe(403);
    expect((await refused({ 'sec-fetch-site': 'cross-site' }))[0]).toBe(403);
    expect((await get<AnswerOf<'destination'>>('/destinations/shop')).hold).toBe('none');
  });

  test('tells of the decisions of both as one stream, and knows the event of each', async () => {
    const gone = new AbortController();
    const answer = await fetch(`${run.opsUrl()}/api/v1/decisions?perSecond=50`, { signal: gone.signal });
    const workerOf = new Map(
      (await get<AnswerOf<'partitions'>>('/partitions')).partitions.map(({ partition, worker }) => [partition, worker]),
    );
    const feeding = setInterval(() => void more(40), 300);
    const told: AnswerOf<'decisions'>[] = [];
    try {
      for await (const decision of decisionsIn(answer)) {
        told.push(decision);
        const of = new Set(told.map(({ partition }) => workerOf.get(partition)));
        if (of.has(1) && of.has(2) && told.length >= 30) break;
      }
    } finally {
      clearInterval(feeding);
      gone.abort();
    }
    for (const worker of [1, 2]) {
      const one = told.find(({ partition, outcome }) => workerOf.get(partition) === worker && outcome === 'sent');
      const event = await get<AnswerOf<'decisionEvent'>>(`/decisions/${one?.sample}/event`);
      expect(event).toMatchObject({ event: { messageId: one?.messageId }, identifiers: 'hidden' });
      const explained = await post<AnswerOf<'explain'>>('/explain', { sample: one?.sample });
      expect(explained.explanations[0]?.deliveries.map(({ status }) => status)).toEqual(['ready']);
    }
  });

  test('is what tail and top show', async () => {
    const url = run.opsUrl() ?? '';
    const tail = startConnector({ arguments: ['tail', '--json', '--per-second', '50', '--url', url] });
    const feeding = setInterval(() => void more(40), 300);
    const read = new Set<number>();
    await expect
      .poll(() => {
        for (const line of tail.printed().split('\n').slice(0, -1)) read.add(JSON.parse(line).partition);
        return read.size;
      })
      .toBe(partitions)
      .finally(() => clearInterval(feeding));
    tail.kill('SIGTERM');
    expect(await tail.exited).toBe(0);
    const delivered = await deliveredAndCounted();
    const top = startConnector({ arguments: ['top', '--once', '--url', url] });
    expect(await top.exited).toBe(0);
    expect(top.printed()).toMatch(new RegExp(`shop/orders .* ${delivered} `, 'i'));
  });

  test('starts a replay in one worker, and finds it again', async () => {
    const { groups } = await get<AnswerOf<'deadLetterGroups'>>('/dead-letters/groups');
    expect(groups.map(({ code }) => code)).toContain('PURCHASE_VALUE_MISSING');
    const filter = { code: 'PURCHASE_VALUE_MISSING' };
    const preview = await post<AnswerOf<'previewReplay'>>('/replays/preview', { filter });
    expect(preview.statuses['rejected']).toBeGreaterThan(0);
    const { id } = await post<AnswerOf<'startReplay'>>('/replays', { filter });
    expect(await get<AnswerOf<'replay'>>(`/replays/${id}`)).toMatchObject({ id, request: { filter } });
    expect((await get<AnswerOf<'replays'>>('/replays')).jobs.map((job) => job.id)).toEqual([id]);
    expect(await post(`/replays/${id}/stop`)).toMatchObject({ id });
  });

  test('reads the mappings again in both, and in none when they can not be used', async () => {
    const applied = () => run.log().match(/^\{"worker":[12],.*"kind":"config_reloaded"/gm)?.length ?? 0;
    stage.destination('crm', { pixel_id: '99' });
    run.kill('SIGHUP');
    await expect.poll(applied).toBe(2);
    const names = async () =>
      (await get<AnswerOf<'destinations'>>('/destinations')).destinations.map(({ name }) => name).sort();
    await expect.poll(names).toEqual(['crm', 'shop']);
    writeFileSync(join(stage.folder, 'crm.json'), '{"name": "crm"');
    run.kill('SIGHUP');
    await expect.poll(() => run.log().match(/"kind":"config_refused"/g)?.length).toBe(1);
    const metrics = await (await fetch(`${run.opsUrl()}/metrics`)).text();
    expect(metrics).toContain('meta_actions_config_reloads_total{result="refused"} 1');
    expect(await post('/reload')).toMatchObject({
      applied: false,
      problems: [expect.objectContaining({ severity: 'error' })],
    });
    expect([applied(), await names()]).toEqual([2, ['crm', 'shop']]);
    stage.destination('crm', { pixel_id: '99' });
    expect(await post('/reload')).toMatchObject({ applied: true });
    expect(applied()).toBe(4);
  });

  test('names a worker that does not answer, and shows the rest', async () => {
    process.kill(pidOf(2), 'SIGSTOP');
    const reasons = async () =>
      ((await (await fetch(`${run.opsUrl()}/readyz`)).json()) as { readonly reasons?: readonly string[] }).reasons;
    await expect.poll(reasons).toContainEqual(expect.stringMatching(/^workers?.* 2: it does not answer/));
    const { workers, sentence, state } = await status();
    expect(workers?.find(({ worker }) => worker === 2)?.state).toBe('silent');
    expect([state, sentence]).toEqual(['slowed', expect.stringMatching(/orker 2 does not answer/)]);
    const paused = await post<Record<string, string>>('/destinations/shop/pause');
    expect(paused).toMatchObject({
      code: 'WORKER_SILENT',
      error: expect.stringMatching(/^workers?.* 2 ha.* not answered/),
    });
    process.kill(pidOf(2), 'SIGCONT');
    await run.ready();
    await expect.poll(async () => (await get<AnswerOf<'destination'>>('/destinations/shop')).hold).toBe('paused');
  });

  test('replaces a worker that was killed, keeps what it had counted, and what a person has paused', async () => {
    const arrived = await stage.arrived(dataset);
    const before = await figure('records_settled_total');
    const shop = () => get<AnswerOf<'destination'>>('/destinations/shop');
    const { delivered } = (await shop()).sinceStart;
    process.kill(pidOf(1), 'SIGKILL');
    await expect.poll(() => figure('worker_restarts_total')).toBeGreaterThanOrEqual(1);
    expect(await figure('records_settled_total')).toBeGreaterThanOrEqual(before);
    expect(await (await fetch(`${run.opsUrl()}/livez`)).json()).toEqual({ status: 'alive' });
    const orders = await more(600);
    await run.ready();
    await expect.poll(async () => (await status()).workers?.every(({ state }) => state === 'running')).toBe(true);
    const waiting = orders.filter(({ eventId }) => eventId !== undefined).length;
    await expect.poll(async () => (await shop()).waiting).toBeGreaterThanOrEqual(waiting);
    expect((await shop()).hold).toBe('paused');
    expect((await shop()).sinceStart.delivered).toBe(delivered);
    const during = await stage.arrived(dataset);
    expect(
      orders.filter(({ eventId }) => eventId !== undefined && during.has(eventId) && !arrived.has(eventId)),
    ).toEqual([]);
    expect(await post('/destinations/shop/resume')).toMatchObject({ hold: 'none' });
    await expect.poll(arrivedAll).toBe(true);
    await expect.poll(() => stage.committedToEnd(topic)).toBe(true);
  });

  test('ends as one, and leaves nobody', async () => {
    const pids = [...run.log().matchAll(/"kind":"worker_begun","worker":\d+,"pid":(\d+)/g)].map(([, pid]) =>
      Number(pid),
    );
    run.kill('SIGTERM');
    expect(await run.exited).toBe(0);
    expect(pids.length).toBeGreaterThanOrEqual(3);
    expect(pids.filter(isThere)).toEqual([]);
  });
});

describe('other runs with two workers', () => {
  test('leave no worker behind when the run is killed', async () => {
    const topic = uniqueName('workers');
    await createTopic(stage.broker.brokers, topic, { partitions });
    const run = stage.start(topic, { ...environment, WORKERS: '2' });
    await run.ready();
    const pids = [...run.log().matchAll(/"kind":"worker_begun","worker":\d+,"pid":(\d+)/g)].map(([, pid]) =>
      Number(pid),
    );
    expect(pids).toHaveLength(2);
    run.kill('SIGKILL');
    await run.exited;
    await expect.poll(() => pids.filter(isThere)).toEqual([]);
  });

  test('end with the code of a single process when a worker can not start', async () => {
    const run = stage.start('workers', { OPS_PORT: '0', KAFKA_TOPICS: uniqueName('nowhere') }, '--workers', '2');
    const alone = stage.start('workers', { OPS_PORT: '0', KAFKA_TOPICS: uniqueName('nowhere') });
    expect(await run.exited).toBe(await alone.exited);
  });
});

type Order = ReturnType<typeof orderRecord>;

async function* decisionsIn({ body }: Response): AsyncGenerator<AnswerOf<'decisions'>> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body ?? []) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
