import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnswerOf } from '../../src/api/server/handler.ts';
import { type ApiStage, openApiStage, shopMapping } from '../support/api-stage.ts';
import { shopEvent } from '../support/shop-event.ts';

type Destination = AnswerOf<'destination'>;

let stage: ApiStage;
beforeEach(async () => {
  stage = await openApiStage({ follow: true });
});
afterEach(() => stage.close());

const orders = (...ids: readonly string[]) => ids.map((id) => shopEvent(id));
const shop = () => stage.get<Destination>('/destinations/shop');
const status = () => stage.get<AnswerOf<'status'>>('/status');
const delivered = async () => (await status()).sinceStart.delivered;

async function arrived(): Promise<readonly string[]> {
  const text = await (await fetch(`${stage.graph}/_sandbox/events?ids=true`)).text();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => (JSON.parse(line) as { readonly event_id: string }).event_id);
}

async function postFault({ graph }: ApiStage, fault: object): Promise<void> {
  await fetch(`${graph}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
}

describe('a destination that is paused', () => {
  it('sends nothing until it is resumed, and then everything in its order', async () => {
    stage.feed(orders('a'));
    await expect.poll(delivered).toBe(1);
    expect(await stage.post('/destinations/shop/pause')).toMatchObject({ hold: 'paused', state: 'paused' });
    stage.feed(orders('b', 'c', 'd'));
    await expect.poll(async () => (await shop()).waiting).toBe(3);
    const paused = await status();
    expect(paused).toMatchObject({ state: 'paused', needs: [{ state: 'paused', code: 'LANE_PAUSED', waiting: 3 }] });
    expect(paused.sentence).toContain('shop is paused. Nothing is lost: 3 events waiting.');
    expect(await arrived()).toEqual(['a']);
    expect((await fetch(`${stage.url}/readyz`)).status).toBe(200);
    expect(await stage.post('/destinations/shop/resume')).toMatchObject({ hold: 'none' });
    await expect.poll(delivered).toBe(4);
    expect(await arrived()).toEqual(['a', 'b', 'c', 'd']);
    expect((await status()).state).toBe('well');
  });

  it('is told in audit lines, and stays paused over a reload', async () => {
    await stage.post('/destinations/shop/pause');
    expect(await stage.post('/reload')).toMatchObject({ applied: true });
    stage.feed(orders('a'));
    await expect.poll(async () => (await shop()).waiting).toBe(1);
    expect((await shop()).hold).toBe('paused');
    expect(stage.told.filter(({ kind }) => kind === 'audit')).toMatchObject([
      { what: 'pauseDestination', of: 'shop' },
      { what: 'reload' },
    ]);
    await stage.post('/destinations/shop/resume');
    await expect.poll(delivered).toBe(1);
  });

  it('does not keep the process from stopping', async () => {
    await stage.post('/destinations/shop/pause');
    stage.feed(orders('a'));
    await expect.poll(async () => (await shop()).waiting).toBe(1);
    // What waits was not settled, so that it is read again.
    expect(await stage.connector.stop()).toBe(false);
  });
});

describe('a destination that is drained', () => {
  it('sends what it had taken, and nothing more until it is resumed', async () => {
    await stage.post('/lanes/shop/pause');
    stage.feed(orders('a', 'b'));
    await expect.poll(async () => (await shop()).waiting).toBe(2);
    await stage.post('/destinations/shop/drain');
    stage.feed(orders('c'));
    await expect.poll(delivered).toBe(2);
    await expect.poll(async () => (await shop()).waiting).toBe(1);
    expect(await shop()).toMatchObject({ hold: 'draining', state: 'paused' });
    await stage.post('/destinations/shop/resume');
    await expect.poll(delivered).toBe(3);
  });
});

describe('a lane that is paused', () => {
  it('sends nothing until it is resumed', async () => {
    const paused = await stage.post<AnswerOf<'lanes'>>('/lanes/shop/pause');
    expect(paused.lanes).toMatchObject([{ name: 'shop', doing: 'paused', state: 'paused' }]);
    stage.feed(orders('a'));
    await expect.poll(async () => (await shop()).waiting).toBe(1);
    expect((await status()).needs).toMatchObject([{ state: 'paused', lane: 'shop' }]);
    await stage.post('/lanes/shop/resume');
    await expect.poll(delivered).toBe(1);
  });

  it('must be one that there is', async () => {
    expect((await stage.ask('/lanes/nobody/pause', { method: 'POST' })).status).toBe(404);
    expect((await stage.ask('/destinations/nobody/pause', { method: 'POST' })).status).toBe(404);
  });
});

describe('what waits for a person because much is rejected', () => {
  const oneSubscription = (settings: object, name = 'Orders') => ({
    ...shopMapping,
    settings: { ...shopMapping.settings, ...settings },
    subscriptions: [{ name, action: 'purchase' }],
  });

  async function goesOn(own: ApiStage, name: string): Promise<void> {
    const blocked = async () => {
      const { lanes } = await own.get<AnswerOf<'lanes'>>('/lanes');
      return lanes.filter(({ state }) => state === 'blocked').map((lane) => lane.name);
    };
    await expect.poll(blocked).toEqual([name]);
    const { needs } = await own.get<AnswerOf<'status'>>('/status');
    expect(needs).toMatchObject([{ lane: name, actions: ['resume', 'reload'] }]);
    await own.post(`/lanes/${encodeURIComponent(name)}/resume`);
    await expect.poll(blocked).toEqual([]);
  }

  it.each(['Orders', 'Orders // EU', 'https://shop.example/../orders/..', 'Shop\\Orders 50 % ä;?#', 'x'.repeat(200)])(
    'goes on by its name among the lanes: the subscription %s',
    async (name) => {
      const mappings = { 'shop.json': oneSubscription({ fuse: { share: 0.5, minimum: 1 } }, name) };
      const own = await openApiStage({ events: [shopEvent('a', { total: undefined })], mappings });
      try {
        const shown = await own.get<AnswerOf<'subscription'>>(`/subscriptions/shop/${encodeURIComponent(name)}`);
        expect(shown.subscription.name).toBe(name);
        await goesOn(own, `shop/${name}`);
      } finally {
        await own.close();
      }
    },
  );

  it('goes on by its name among the lanes: a lane', async () => {
    const mappings = { 'shop.json': oneSubscription({ max_rejected_per_batch: 0 }) };
    const own = await openApiStage({ follow: true, mappings });
    try {
      await postFault(own, { kind: 'refuse_event', event_id: 'a' });
      own.feed(orders('a'));
      await goesOn(own, 'shop');
    } finally {
      await own.close();
    }
  });
});

it('a lane that Meta blocks is shown with cause and fix, and tries at once when it is resumed', async () => {
  await postFault(stage, { kind: 'token_expired' });
  stage.feed(orders('a'));
  await expect.poll(async () => (await status()).state).toBe('blocked');
  const blocked = await status();
  expect(blocked.needs).toMatchObject([{ state: 'blocked', destination: 'shop', actions: ['resume', 'reload'] }]);
  expect(blocked.needs[0]?.fix).toBeDefined();
  expect((await shop()).trouble?.failure.code).toBe(blocked.needs[0]?.code);
  await fetch(`${stage.graph}/_sandbox/faults`, { method: 'DELETE' });
  await stage.post('/destinations/shop/resume');
  await expect.poll(delivered).toBe(1);
  expect((await status()).state).toBe('well');
});
