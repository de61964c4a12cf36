import { afterEach, describe, expect, it } from 'vitest';
import type { AnswerOf } from '../../src/api/server/handler.ts';
import { type ApiStage, openApiStage } from '../support/api-stage.ts';
import { shopEvent } from '../support/shop-event.ts';

type Audience = AnswerOf<'audiences'>['audiences'][number];

let stage: ApiStage | undefined;
afterEach(() => stage?.close());

const membership = (user: string, member: boolean) => ({
  type: 'track',
  event: member ? 'Audience Entered' : 'Audience Exited',
  messageId: `${user}-${member}`,
  userId: user,
  timestamp: new Date().toISOString(),
  context: {
    traits: { email: `${user}@example.com` },
    personas: { computation_class: 'audience', computation_key: 'vip' },
  },
  properties: { audience_key: 'vip', vip: member },
});

const mapping = {
  name: 'crm',
  settings: { ad_account_id: 'act_7', access_token: { $env: 'META_ACCESS_TOKEN' } },
  subscriptions: [
    {
      name: 'VIP',
      action: 'sync-audience',
      trigger: 'event = "Audience Entered" or event = "Audience Exited"',
      mapping: { audience_name: 'VIP customers', create_audience: true, customer_file_source: 'USER_PROVIDED_ONLY' },
    },
  ],
};

const sum = (points: readonly number[]) => points.reduce((all, each) => all + each, 0);

describe('audiences', () => {
  it('are shown with who joined and left, and with what Meta says of them', async () => {
    const opened = await openApiStage({ follow: true, mappings: { 'crm.json': mapping } });
    stage = opened;
    expect(await opened.get('/audiences')).toEqual({ audiences: [], complete: true });
    opened.feed([membership('ada', true), membership('bob', true), membership('eve', true)]);
    const of = async () =>
      (await opened.get<AnswerOf<'audiences'>>('/audiences')).audiences.find(({ id }) => id !== '');
    await expect.poll(async () => (await of())?.joins).toBe(3);
    opened.feed([membership('eve', false)]);
    await expect.poll(async () => (await of())?.leaves).toBe(1);
    await expect.poll(async () => (await of())?.name).toBe('VIP customers');
    const audience: Audience | undefined = await of();
    expect(audience).toMatchObject({ destination: 'crm', state: 'well', rejected: 0, waiting: 0 });
    expect(audience?.url).toContain('act=7');
    expect(audience?.lastFlushAt).toBeGreaterThan(0);
    const history = () => opened.get<AnswerOf<'audienceHistory'>>(`/audiences/crm/${audience?.id}/history`);
    const sums = async () => [(await history()).joins, (await history()).leaves].map(sum);
    await expect.poll(sums).toEqual([3, 1]);
    expect((await history()).joins).toHaveLength(600);
    expect(await opened.ask('/audiences/crm/999/history')).toMatchObject({ status: 404, body: { code: 'NO_HISTORY' } });
    const [crm] = (await opened.get<AnswerOf<'destinations'>>('/destinations')).destinations;
    expect(crm?.sinceStart).toMatchObject({ sent: 4, delivered: 4 });
  });
});

describe('a test event', () => {
  const event = shopEvent('tested');
  const asked = { destination: 'shop', subscription: 'Orders', event, testEventCode: 'TEST123' };
  const send = (body: object) =>
    (stage as ApiStage).ask<AnswerOf<'sendTest'>>('/test-events', { method: 'POST', body });

  it('goes to Meta with its code, past the lane', async () => {
    stage = await openApiStage();
    expect(await send(asked)).toMatchObject({ status: 200, body: { accepted: true, received: 1 } });
    const requests = await (await fetch(`${stage.graph}/_sandbox/requests`)).text();
    expect(requests).toContain('TEST123');
    expect(stage.told.filter(({ kind }) => kind === 'audit')).toMatchObject([{ what: 'sendTest' }]);
  });

  it('is refused with the reason when nothing of it may be sent', async () => {
    stage = await openApiStage();
    const rejected = await send({ ...asked, event: shopEvent('x', { total: undefined }) });
    expect(rejected.body).toMatchObject({ accepted: false, message: expect.stringContaining('value') });
    expect((await send({ ...asked, subscription: 'Pages' })).body.message).toContain('trigger');
    expect((await send({ ...asked, subscription: 'nobody' })).status).toBe(404);
    expect((await send({ ...asked, testEventCode: '"},{' })).status).toBe(400);
  });
});
