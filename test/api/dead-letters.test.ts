import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnswerOf } from '../../src/api/server/handler.ts';
import { type ApiStage, openApiStage } from '../support/api-stage.ts';
import { shopEvent } from '../support/shop-event.ts';

type Letters = AnswerOf<'deadLetters'>;
type Detail = AnswerOf<'deadLetter'>;

const hostile = '<img src=x onerror=alert(1)>\u202Etxt.exe';
let stage: ApiStage;

beforeAll(async () => {
  const withoutValue = { total: undefined };
  stage = await openApiStage({
    events: [
      ...Array.from({ length: 120 }, (_, at) => shopEvent(`lost-${at}`, withoutValue)),
      { ...shopEvent('old'), timestamp: '1970-01-02T00:00:00Z' },
      { ...shopEvent('hostile', withoutValue), context: { traits: { email: 'ada.lovelace@example.com' } } },
      { type: 'track', event: hostile, messageId: 'named' },
    ],
    mappings: {
      'shop.json': {
        name: 'shop',
        settings: { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } },
        subscriptions: [
          { name: 'Orders', action: 'purchase' },
          { name: 'Other', action: 'purchase', trigger: 'messageId = "named"' },
        ],
      },
    },
  });
  await stage.connector.finished();
});
afterAll(() => stage.close());

describe('dead letters', () => {
  it('come a page at a time, each of them once, the newest first', async () => {
    const seen: string[] = [];
    let next: string | undefined = '';
    for (let pages = 0; next !== undefined; pages += 1) {
      const page: Letters = await stage.get(`/dead-letters?limit=50${next === '' ? '' : `&cursor=${next}`}`);
      seen.push(...page.letters.map(({ messageId }) => messageId ?? ''));
      next = page.next;
      expect(pages).toBeLessThan(5);
    }
    const lost = Array.from({ length: 120 }, (_, at) => `lost-${119 - at}`);
    expect(seen).toEqual(['named', 'hostile', 'old', ...lost]);
  });

  it('are found by code, subscription, time, and text at a path', async () => {
    const found = async (query: string) => {
      const { letters } = await stage.get<Letters>(`/dead-letters?limit=200&${query}`);
      return letters.map(({ messageId }) => messageId);
    };
    expect(await found('code=EVENT_TOO_OLD')).toEqual(['old']);
    expect(await found('code=EVENT_TOO_OLD,PURCHASE_VALUE_MISSING')).toHaveLength(123);
    expect(await found('subscription=Other')).toEqual(['named']);
    expect(await found(`since=${Date.now() + 60_000}`)).toEqual([]);
    expect(await found(`until=${Date.now() + 60_000}&destination=shop`)).toHaveLength(123);
    expect(await found('path=properties.order_id&value=LOST-11')).toHaveLength(11);
    expect(await found('value=lost-117')).toEqual(['lost-117']);
    expect(await found('path=context.page.url')).toHaveLength(121);
  });

  it('are not found by a part of what identifies a person, only by the whole of it', async () => {
    const found = async (value: string) =>
      (await stage.get<Letters>(`/dead-letters?path=context.traits.email&value=${value}`)).letters.length;
    expect(await found('ada.lovelace')).toBe(0);
    expect(await found('ada.lovelace%40example.com')).toBe(1);
  });

  it('are counted by code, with the hours of the last day and what to do', async () => {
    const { groups, complete, looked } = await stage.get<AnswerOf<'deadLetterGroups'>>('/dead-letters/groups');
    expect([complete, looked]).toEqual([true, 123]);
    expect(groups[0]).toMatchObject({ code: 'PURCHASE_VALUE_MISSING', subscription: 'Orders', count: 121 });
    expect(groups[0]?.hours.reduce((sum, count) => sum + count, 0)).toBe(121);
    expect(groups[0]?.fix).toContain('Map value');
  });

  it('say why, what to do and what would become of them now, without identifiers of people', async () => {
    const { letters } = await stage.get<Letters>('/dead-letters?value=hostile');
    const detail = await stage.get<Detail>(`/dead-letters/${letters[0]?.id}`);
    expect(detail).toMatchObject({
      letter: { code: 'PURCHASE_VALUE_MISSING', destination: 'shop', subscription: 'Orders' },
      why: { failure: { code: 'PURCHASE_VALUE_MISSING' }, meaning: 'A Purchase has no value.' },
      replay: { state: 'rejected' },
      identifiers: 'hidden',
    });
    expect(JSON.stringify(detail)).not.toContain('lovelace');
    expect(detail.record.event).toMatchObject({ context: { traits: { email: '[hidden]' } } });
    const [explanation] = detail.explanations ?? [];
    expect(explanation?.deliveries).toMatchObject([{ subscription: 'Orders', status: 'rejected' }]);
    expect(explanation?.deliveries[0]?.trigger).toMatchObject({ matched: true });
  });

  it('carry names as they are, as JSON', async () => {
    const { letters } = await stage.get<Letters>('/dead-letters?subscription=Other');
    expect(letters[0]?.event).toBe(hostile);
  });

  it.each([
    ['/dead-letters/0.999999999', 404],
    ['/dead-letters/nothing', 404],
    ['/dead-letters?limit=0', 400],
    ['/dead-letters?limit=1000', 400],
    ['/dead-letters?cursor=x', 400],
    ['/dead-letters?since=yesterday', 400],
  ])('answer %s with %i', async (path, status) => {
    expect((await stage.ask(path)).status).toBe(status);
  });
});

describe('identifiers of people', () => {
  it('are refused where the process may not show them', async () => {
    const { letters } = await stage.get<Letters>('/dead-letters?value=hostile');
    const { status } = await stage.ask(`/dead-letters/${letters[0]?.id}?identifiers=true`);
    expect(status).toBe(403);
    expect(stage.told.some(({ kind }) => kind === 'identifiers_shown')).toBe(false);
  });

  it('are shown where it may, to who asks for them, and each showing is told', async () => {
    const open = await openApiStage({
      events: [shopEvent('shown', { total: undefined })],
      environment: { OPS_SHOW_IDENTIFIERS: 'true' },
    });
    try {
      await open.connector.finished();
      const { letters } = await open.get<Letters>('/dead-letters');
      const id = letters[0]?.id;
      expect(JSON.stringify(await open.get(`/dead-letters/${id}`))).not.toContain('shown@example.com');
      expect(JSON.stringify(await open.get(`/dead-letters/${id}?identifiers=true`))).toContain('shown@example.com');
      const told = open.told.filter(({ kind }) => kind === 'identifiers_shown');
      expect(told).toEqual([{ kind: 'identifiers_shown', who: 'somebody on this machine', of: `dead letter ${id}` }]);
    } finally {
      await open.close();
    }
  });
});
