import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerOf } from '../../src/api/server/handler.ts';
import { type ApiStage, openApiStage, shopMapping } from '../support/api-stage.ts';
import { shopEvent } from '../support/shop-event.ts';

type Explained = AnswerOf<'explain'>;

let stage: ApiStage;
beforeAll(async () => {
  stage = await openApiStage();
});
afterAll(() => stage.close());

const explain = (body: object) => stage.ask<Explained>('/explain', { method: 'POST', body });

async function explained(body: object): Promise<Explained> {
  const answer = await explain(body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}

describe('explaining an event', () => {
  it('shows the trigger as a tree with what it compared, the fields, and the request', async () => {
    const { explanations, identifiers } = await explained({ event: shopEvent('order-1') });
    expect([explanations.length, identifiers]).toEqual([1, 'hidden']);
    const [delivery] = explanations[0]?.deliveries ?? [];
    expect(delivery).toMatchObject({
      destination: 'shop',
      subscription: 'Orders',
      status: 'ready',
      trigger: { kind: 'and', matched: true },
      fields: { em: { from: 'default', value: '[hidden]' }, value: { value: 25 } },
      request: { method: 'POST', path: expect.stringContaining('/1234567890/events') },
    });
    expect(delivery?.trigger?.parts?.[0]?.saw).toEqual(['track', 'track']);
    expect(explanations[0]?.skipped).toMatchObject([{ subscription: 'Pages', reason: 'trigger' }]);
  });

  it('hides in the request what identifies a person in the clear, and leaves the hashes', async () => {
    const { explanations } = await explained({ event: shopEvent('order-2') });
    const text = JSON.stringify(explanations);
    for (const secret of ['order-2@example.com', '198.51.100.7', 'Mozilla/5.0']) expect(text).not.toContain(secret);
    const body = explanations[0]?.deliveries[0]?.request?.body as { data: { user_data: { em: string[] } }[] };
    expect(body.data[0]?.user_data.em[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('hides in the request what was made of the event in another spelling, and the ids of a click', async () => {
    const shop = shopEvent('order-3');
    const page = { url: 'https://shop.example/?fbclid=IwAR0Click0Of0Somebody' };
    const event = { ...shop, context: { ...shop.context, ip: '198.51.100.77:443', page } };
    const text = JSON.stringify((await explained({ event })).explanations);
    expect(text).toContain('"fbc":"[hidden]"');
    expect(text).not.toMatch(/198\.51\.100|IwAR0Click/);
  });

  it('hides addresses also where they are the name of the event, its id, or the name of a member', async () => {
    const named = { ...shopEvent('named', { 'ada@example.com': 1 }), messageId: 'ada@example.com' };
    const mapping = { custom_data: { '@path': '$.properties' } };
    const [orders] = shopMapping.subscriptions;
    const file = JSON.stringify({ ...shopMapping, subscriptions: [{ ...orders, mapping, trigger: 'type = "track"' }] });
    const answer = await explained({ event: { ...named, event: 'Bought by ada@example.com' }, file });
    expect(answer.explanations[0]?.deliveries).toHaveLength(1);
    expect(JSON.stringify(answer)).not.toContain('ada@example.com');
    expect(answer.explanations[0]?.event).toMatchObject({ type: 'track', event: '[hidden]' });
  });

  it('takes the event as text, and several of them', async () => {
    const { explanations } = await explained({ text: JSON.stringify([shopEvent('a'), shopEvent('b')]) });
    expect(explanations.map(({ event }) => event.messageId)).toEqual(['a', 'b']);
    const { explanations: broken } = await explained({ text: '{"type": "tra' });
    expect(broken[0]?.error).toMatchObject({ code: 'NOT_JSON' });
  });

  it('tries a file instead of the active one, and says what is wrong with it', async () => {
    const [orders] = shopMapping.subscriptions;
    const trying = (trigger: string) => {
      const file = JSON.stringify({ ...shopMapping, subscriptions: [{ ...orders, trigger }] });
      return explained({ event: shopEvent('tried'), file });
    };
    const right = await trying('event = "Order Completed"');
    expect([right.problems, right.explanations[0]?.deliveries.length]).toEqual([[], 1]);
    const wrong = await trying('event = ');
    expect(wrong.explanations).toEqual([]);
    expect(wrong.problems).toMatchObject([{ severity: 'error', line: 1 }]);
  });

  it('tells of no destination or subscription but the one that is asked for', async () => {
    const { explanations } = await explained({ event: shopEvent('one'), destination: 'shop', subscription: 'Pages' });
    expect(explanations[0]?.deliveries).toEqual([]);
    expect(explanations[0]?.skipped.map(({ subscription }) => subscription)).toEqual(['Pages']);
    const nobody = await explained({ event: shopEvent('one'), destination: 'nobody' });
    expect(nobody.explanations).toEqual([]);
  });

  it('refuses what says nothing, or too much, about the event', async () => {
    expect((await explain({})).status).toBe(400);
    expect((await explain({ event: {}, text: '{}' })).status).toBe(400);
    expect((await explain({ letter: '0.5' })).status).toBe(404);
    expect((await explain({ sample: 'x' })).status).toBe(404);
  });
});

describe('what is too much', () => {
  it('an event of 5 MB is explained in a thread of its own, while the process goes on answering', async () => {
    const event = shopEvent('large', { notes: 'x'.repeat(1000), list: Array.from({ length: 20_000 }, filler) });
    expect(JSON.stringify(event).length).toBeGreaterThan(5 * 1024 * 1024);
    const explaining = explain({ event });
    let answered = 0;
    let done = false;
    void explaining.finally(() => {
      done = true;
    });
    while (!done) {
      expect((await stage.ask('/status')).status).toBe(200);
      answered += 1;
    }
    const { status } = await explaining;
    expect(status).toBeOneOf([200, 400]);
    expect(answered).toBeGreaterThan(0);
  });

  it('a mapping that would loop is refused with its place', async () => {
    const [orders] = shopMapping.subscriptions;
    const mapping = { value: { '@liquid': '{% for a in (1..99999999) %}x{% endfor %}' } };
    const file = JSON.stringify({ ...shopMapping, subscriptions: [{ ...orders, mapping }] });
    const { body } = await explain({ event: shopEvent('loops'), file });
    expect(body).toMatchObject({ explanations: [], problems: [{ severity: 'error', code: 'BAD_LIQUID', line: 1 }] });
  });

  it('a mapping that holds itself over and over is refused, and the next one is explained', async () => {
    const deep = `${'{"@first":['.repeat(20_000)}1${']}'.repeat(20_000)}`;
    const file = JSON.stringify(shopMapping).replace(
      '"action":"purchase"',
      `"action":"purchase","mapping":{"value":${deep}}`,
    );
    const answer = await explain({ event: shopEvent('deep'), file });
    expect(answer.status === 400 || answer.body.problems.length > 0).toBe(true);
    expect((await explained({ event: shopEvent('after') })).explanations).toHaveLength(1);
  });
});

function filler(_: unknown, at: number) {
  return { sku: `sku-${at}`, text: 'y'.repeat(250) };
}
