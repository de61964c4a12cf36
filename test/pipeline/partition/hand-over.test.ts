import { afterEach, describe, expect, test } from 'vitest';
import type { AudiencePort } from '../../../src/pipeline/audience/audience-port.ts';
import type { Blockage } from '../../../src/pipeline/lane/lane.ts';
import type { PipelineLimits } from '../../../src/pipeline/pipeline-types.ts';
import { fakeDestination, fakeSettings, fakeSubscription } from '../../support/destinations.ts';
import { membership } from '../../support/membership.ts';
import { type SimulatedSource, simulatedSource } from '../../support/simulated-source.ts';
import { type Harness, harness, manualSink, trackRecord } from '../harness.ts';

/** Longer than any test takes: who goes on has not waited, or the time has been advanced. */
const waitMillis = 3_600_000;
/** Real time, and what a test has let pass. */
let passed = 0;
const now = () => Date.now() + passed;

const changes = fakeSubscription('Members', ({ event }) => / (joins|leaves)$/.test(String(event)), {
  action: membership,
  resolve: (event) => ({ name: event['event'] }),
});
const orders = fakeSubscription('Orders', ({ event }) => event === 'Order Completed');
const crm = fakeDestination([changes, orders], { settings: fakeSettings({ rejectionRate: false }) });

/** Audiences of which the test decides how and when requests end. */
function manualAudiences() {
  const sent: string[] = [];
  const port = {
    sent,
    /** While it is set, requests have no end; a stop ends them as ones that may have arrived. */
    hangs: false,
    /** How long each request counts as alive after it has ended. */
    aliveMillis: 0,
    blockage: undefined as Blockage | undefined,
    /** Called when rows are about to be sent. */
    sending(): void {},
  };
  const audiences: AudiencePort = {
    lingerMillis: 0,
    handOverMillis: waitMillis,
    search: () => ({
      found: Promise.resolve({ id: '120', valueBased: false }),
      blocked: () => undefined,
      wake: () => undefined,
      close: () => undefined,
    }),
    sending: (_destination, _audience, watch) => ({
      quiet: async () => undefined,
      sink: {
        blocked: () => port.blockage,
        async send(deliveries, signal) {
          while (port.blockage !== undefined && !signal.aborted) await tick();
          if (signal.aborted) throw new Error('aborted');
          const ended = watch(deliveries);
          const rows = deliveries.map(({ body, terms }) => `${terms?.operation} ${body}`);
          port.sending();
          sent.push(...rows);
          while (port.hangs && !signal.aborted) await tick();
          ended(signal.aborted ? now() + 60_000 : port.aliveMillis && now() + port.aliveMillis);
          if (signal.aborted) throw new Error('aborted');
          return deliveries.map(() => ({ kind: 'delivered' }));
        },
      },
    }),
  };
  return { port, audiences };
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
const running: Harness[] = [];

afterEach(async () => {
  for (const { pipe } of running.splice(0)) await pipe.stop(0);
});

/** A process that starts on what the source has kept. */
async function begin(source: SimulatedSource, limits: Partial<PipelineLimits> = {}) {
  const made = manualAudiences();
  const sink = manualSink();
  const one = harness({ destinations: [crm], sinks: { shop: sink }, source, audiences: made.audiences, limits, now });
  running.push(one);
  await one.pipe.start();
  return { ...one, ...made, sink };
}

/** Ada joins, buys and leaves; Bo joins. */
const story = () =>
  simulatedSource([
    {
      topic: 'events',
      partition: 0,
      records: ['Ada joins', 'Order Completed', 'Ada leaves', 'Bo joins'].map((event, offset) =>
        trackRecord(offset, event),
      ),
    },
  ]);

const marks = (source: SimulatedSource) =>
  source.commits.map(({ metadata }) => (JSON.parse(metadata ?? '{}') as { clean?: boolean }).clean);

async function until(what: string, condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !condition(); await tick()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
  }
}

/** Reads all, and ends as a killed process does: without another commit. */
async function killed(source: SimulatedSource): Promise<void> {
  // Commits only what the hand-over asks for: not yet that the conversion is done.
  const one = await begin(source, { commitIntervalMillis: 60_000 });
  one.port.hangs = true;
  source.yieldRecords(10);
  await until('rows are on their way', () => one.port.sent.length > 0);
  source.coordinatorAway = true;
  await one.pipe.stop(0);
  source.coordinatorAway = false;
}

describe('DELIVERY 24: a process that gets a partition', () => {
  test('which nobody had, says "not clean" before its first change and doesn’t wait', async () => {
    const source = story();
    const { port, pipe, events } = await begin(source);
    const told: (boolean | undefined)[][] = [];
    port.sending = () => void told.push(marks(source));
    source.yieldRecords(10);
    await pipe.finished();
    expect(port.sent).toEqual(['remove ["Ada"]', 'add ["Bo"]']);
    expect(told[0]?.at(-1)).toBe(false);
    expect(source.commits[0]?.offset).toBe(0);
    expect(events.map(({ kind }) => kind)).not.toContain('hand_over_waits');
  });

  test('from one that was killed, waits with its changes and not with its conversions', async () => {
    const source = story();
    await killed(source);
    const { port, pipe, events, sink } = await begin(source);
    source.yieldRecords(10);
    await until('the conversion was sent', () => sink.sent.length === 1);
    expect(port.sent).toEqual([]);
    expect(pipe.inFlight().deliveries).toBe(3);
    expect(pipe.blocked()).toEqual([]);
    passed += waitMillis;
    await pipe.finished();
    expect(port.sent).toEqual(['remove ["Ada"]', 'add ["Bo"]']);
    expect(events.filter(({ kind }) => kind.startsWith('hand_over'))).toMatchObject([
      { kind: 'hand_over_waits', partition: 0, reason: 'not_clean' },
      { kind: 'hand_over_done', partition: 0 },
    ]);
  });

  test('with a commit that is none of ours, waits too', async () => {
    const source = story();
    await source.start({ assigned() {}, lost() {}, batch() {}, finished() {}, failed() {} });
    await source.commit([{ topic: 'events', partition: 0, epoch: 1, offset: 2 }]);
    const { port, pipe, events } = await begin(source);
    source.yieldRecords(10);
    await until('it waits', () => events.some(({ kind }) => kind === 'hand_over_waits'));
    expect(port.sent).toEqual([]);
    passed += waitMillis;
    await pipe.finished();
    expect(port.sent).toEqual(['remove ["Ada"]', 'add ["Bo"]']);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'hand_over_waits', reason: 'unknown' }));
  });

  test('sends nothing before its commit is acknowledged', async () => {
    const source = story();
    const { port, pipe } = await begin(source);
    source.coordinatorAway = true;
    source.yieldRecords(10);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(port.sent).toEqual([]);
    source.coordinatorAway = false;
    await pipe.finished();
    expect(port.sent).toEqual(['remove ["Ada"]', 'add ["Bo"]']);
  });

  test('and loses it while it waits, sends nothing of it', async () => {
    const source = story();
    await killed(source);
    const { port, source: ours, pipe } = await begin(source);
    ours.yieldRecords(10);
    await until('changes wait', () => pipe.inFlight().deliveries === 3);
    ours.rebalance(0);
    await until('they are dropped', () => pipe.inFlight().deliveries === 0);
    expect(port.sent).toEqual([]);
    expect(pipe.inFlight()).toMatchObject({ records: 0, bytes: 0 });
  });

  test('stops quickly while it waits, and doesn’t call clean what another one left', async () => {
    const source = story();
    await killed(source);
    const { pipe } = await begin(source);
    source.yieldRecords(10);
    await until('changes wait', () => pipe.inFlight().deliveries === 3);
    expect(await pipe.stop(waitMillis)).toBe(false);
    expect(marks(source)).not.toContain(true);
  });
});

describe('DELIVERY 24: a process that stops', () => {
  test('says "clean" when all was answered, and the next one doesn’t wait', async () => {
    const source = story();
    const first = await begin(source);
    source.yieldRecords(3);
    await until('all was settled', () => first.pipe.inFlight().records === 0);
    expect(await first.pipe.stop(1_000)).toBe(true);
    expect(marks(source).at(-1)).toBe(true);
    const second = await begin(source);
    source.yieldRecords(3);
    await second.pipe.finished();
    expect(second.port.sent).toEqual(['add ["Bo"]']);
    expect(second.events.map(({ kind }) => kind)).not.toContain('hand_over_waits');
  });

  test('says "clean" of a blocked audience, too, of which nothing is on its way', async () => {
    const source = story();
    const { pipe, port } = await begin(source);
    port.blockage = { since: 0, failure: { code: 'META_190', message: 'The token is over.' } };
    source.yieldRecords(10);
    await until('the change waits for the lane', () => pipe.blocked().length === 1);
    expect(await pipe.stop(1_000)).toBe(false);
    expect(marks(source).at(-1)).toBe(true);
    expect(source.committed(0)).toBe(0);
  });

  test.each([
    ['has no answer yet', { hangs: true, aliveMillis: 0 }],
    ['ended without a definite answer', { hangs: false, aliveMillis: 60_000 }],
  ])('doesn’t say "clean" when a request %s', async (_, { hangs, aliveMillis }) => {
    const source = story();
    const { port, pipe } = await begin(source);
    Object.assign(port, { hangs, aliveMillis });
    source.yieldRecords(10);
    await until('rows are on their way', () => port.sent.length > 0);
    await pipe.stop(20);
    expect(marks(source)).not.toContain(true);
  });

  test('without having changed an audience leaves a clean partition clean, also when it is killed', async () => {
    const source = simulatedSource([
      { topic: 'events', partition: 0, records: [trackRecord(0, 'Order Completed'), trackRecord(1, 'Ada joins')] },
    ]);
    const first = await begin(source);
    source.yieldRecords(1);
    await until('the conversion is committed', () => source.committed(0) === 1);
    source.coordinatorAway = true;
    await first.pipe.stop(0);
    source.coordinatorAway = false;
    expect(marks(source)).not.toContain(false);
    const second = await begin(source);
    source.yieldRecords(1);
    await second.pipe.finished();
    expect(second.events.map(({ kind }) => kind)).not.toContain('hand_over_waits');
  });
});

test('DELIVERY 24: where nothing changes audiences, nothing is said of them and nothing more is committed', async () => {
  const source = story();
  const one = harness({
    destinations: [fakeDestination([orders])],
    sinks: { shop: manualSink() },
    source,
  });
  running.push(one);
  await one.pipe.start();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(source.commits).toEqual([]);
  source.yieldRecords(10);
  await one.pipe.finished();
  await one.pipe.stop(1_000);
  expect(source.commits.every(({ metadata }) => metadata === undefined)).toBe(true);
});
