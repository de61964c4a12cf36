import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerOf } from '../../src/api/server/handler.ts';
import { type ApiStage, openApiStage, shopMapping } from '../support/api-stage.ts';
import { shopEvent } from '../support/shop-event.ts';

let stage: ApiStage;
beforeAll(async () => {
  stage = await openApiStage({
    events: [
      ...Array.from({ length: 5 }, (_, at) => shopEvent(`order-${at}`)),
      shopEvent('no-value', { total: undefined }),
      { ...shopEvent('page'), type: 'page' },
      { ...shopEvent('other'), event: 'Something Else' },
    ],
  });
  await stage.connector.finished();
});
afterAll(() => stage.close());

describe('the API', () => {
  it('says in a sentence how it is, and in numbers what became of the events', async () => {
    const status = await stage.get<AnswerOf<'status'>>('/status');
    expect(status).toMatchObject({
      build: { version: '1.2.3' },
      phase: 'running',
      state: 'well',
      target: { kind: 'sandbox', url: stage.graph },
      needs: [],
      testMode: [],
      inFlight: { records: 0 },
    });
    expect(status.lastDay).toMatchObject({ read: 8, settled: 8, matched: 7, sent: 6, delivered: 6, setAside: 1 });
    expect(status.sentence).toBe(
      'All is well. 8 events in the last 24 hours; 6 reached Meta, 0 skipped by a rule, 1 set aside.',
    );
  });

  it('shows each destination and subscription with what was counted of it', async () => {
    const { destinations } = await stage.get<AnswerOf<'destinations'>>('/destinations');
    expect(destinations).toHaveLength(1);
    expect(destinations[0]).toMatchObject({
      name: 'shop',
      file: 'shop.json',
      pixelId: '1234567890',
      state: 'well',
      lanes: ['shop'],
      subscriptions: ['Orders', 'Pages'],
      sinceStart: { sent: 6, delivered: 6, setAside: 1 },
      setAside: { PURCHASE_VALUE_MISSING: 1 },
    });
    expect(await stage.get('/destinations/shop')).toMatchObject({ name: 'shop' });
    const { subscriptions } = await stage.get<AnswerOf<'subscriptions'>>('/subscriptions?destination=shop');
    expect(subscriptions.map(({ id, sinceStart }) => [id, sinceStart.delivered])).toEqual([
      ['Orders', 5],
      ['Pages', 1],
    ]);
    expect(await stage.get('/subscriptions/shop/Orders')).toMatchObject({
      subscription: { action: 'purchase', trigger: expect.any(String) },
      mapping: {},
    });
  });

  it('shows lanes, partitions and the file of a destination', async () => {
    expect(await stage.get('/lanes')).toMatchObject({
      lanes: [{ name: 'shop', kind: 'conversions', doing: 'running', waiting: 0, state: 'well' }],
    });
    const { partitions } = await stage.get<AnswerOf<'partitions'>>('/partitions');
    expect(partitions).toMatchObject([{ partition: 0, state: 'reading', inFlight: 0 }]);
    const file = await stage.get<AnswerOf<'destinationFile'>>('/destinations/shop/file');
    expect([file.name, JSON.parse(file.text)]).toMatchObject(['shop.json', { name: 'shop' }]);
    stage.write('shop.json', { name: 'another' });
    try {
      // What runs, not what is on the disk.
      expect(await stage.get('/destinations/shop/file')).toEqual(file);
    } finally {
      stage.write('shop.json', shopMapping);
    }
  });

  it('counts how many events carry each match key, and says what more would take', async () => {
    const { subscriptions } = await stage.get<AnswerOf<'coverage'>>('/coverage');
    const orders = subscriptions.find(({ subscription }) => subscription === 'Orders');
    expect(orders?.keys.find(({ field }) => field === 'em')).toMatchObject({ share: 1, missing: 0, advice: [] });
    expect(orders?.keys.find(({ field }) => field === 'fbc')?.advice[0]).toContain('_fbc');
  });

  it('has a point for each second of ten minutes and each minute of a day', async () => {
    for (const [query, points] of [
      ['', 600],
      ['?range=24h', 1440],
      ['?range=24h&destination=shop', 1440],
      ['?destination=shop&subscription=Orders', 600],
    ] as const) {
      const history = await stage.get<AnswerOf<'history'>>(`/history${query}`);
      expect([history.delivered.length, history.delayP99.length], query).toEqual([points, points]);
    }
  });

  it.each([
    ['/destinations/nobody', 404],
    ['/destinations/nobody/file', 404],
    ['/subscriptions/shop/nobody', 404],
    ['/history?destination=nobody', 404],
    ['/history?range=1y', 400],
    ['/history?unknown=1', 400],
    ['/nothing', 404],
  ])('answers %s with %i and a reason', async (path, status) => {
    const answer = await stage.ask<{ error: string }>(path);
    expect(answer.status).toBe(status);
    expect(answer.body.error.length).toBeGreaterThan(5);
  });

  it('reads the mappings again when it is asked, and changes nothing when one is wrong', async () => {
    const wrong = { name: 'shop', settings: {}, subscriptions: [{ name: 'A', action: 'purchase' }] };
    stage.write('other.json', wrong);
    const refused = await stage.post<AnswerOf<'reload'>>('/reload');
    expect(refused.applied).toBe(false);
    expect(refused.problems.length).toBeGreaterThan(0);
    stage.write('other.json', {
      name: 'other',
      settings: { pixel_id: '42', access_token: { $env: 'META_ACCESS_TOKEN' } },
      subscriptions: [{ name: 'A', action: 'purchase' }],
    });
    expect(await stage.post('/reload')).toMatchObject({ applied: true, problems: [] });
    const { destinations } = await stage.get<AnswerOf<'destinations'>>('/destinations');
    expect(destinations.map(({ name }) => name)).toEqual(['other', 'shop']);
    const audits = stage.told.filter(({ kind }) => kind === 'audit');
    expect(audits).toHaveLength(2);
    expect(audits[0]).toEqual({ kind: 'audit', who: 'somebody on this machine', what: 'reload' });
  });
});
