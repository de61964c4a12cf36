import { afterEach, describe, expect, it } from 'vitest';
import type { DestinationSettings } from '../../src/core/settings.ts';
import { conversionsRequest } from '../../src/meta/conversions-request.ts';
import { conversionsSink } from '../../src/meta/conversions-sink.ts';
import { graphClient } from '../../src/meta/graph-client.ts';
import { throttleScopeNames } from '../../src/meta/throttle-scope-names.ts';
import { deliveries, never, recorder, virtualClock } from '../delivery/fakes.ts';
import { answerJson, scriptedGraph } from './scripted-graph.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function settings(more: Partial<DestinationSettings> = {}): DestinationSettings {
  return {
    pixelId: '123',
    accessToken: { origin: 'environment variable META_ACCESS_TOKEN', read: () => 'EAAtoken' },
    apiVersion: 'v26.0',
    batch: { maxEvents: 1_000, maxRows: 10_000, maxBytes: 1_000_000 },
    requirements: 'warn',
    tooOld: 'dead_letter',
    stripIdentifiers: true,
    integrationNames: [],
    ...more,
  };
}

async function setUp(answer: Parameters<typeof scriptedGraph>[0], more: Partial<DestinationSettings> = {}) {
  const graph = await scriptedGraph(answer);
  cleanups.push(() => graph.close());
  const client = graphClient({ baseUrl: graph.url });
  cleanups.push(() => client.close());
  const telemetry = recorder();
  const usages: unknown[] = [];
  const sink = conversionsSink({
    client,
    destination: () => ({ name: 'shop', settings: settings(more) }),
    lane: 'shop/123',
    clock: virtualClock(),
    telemetry,
    onUsage: (usage) => usages.push(usage),
  });
  return { graph, telemetry, usages, sink };
}

const textOf = (body: string) => ({ body, bytes: Buffer.byteLength(body) });
const received = (count: number) => ({ events_received: count, messages: [], fbtrace_id: 'Abc' });

describe('conversionsRequest', () => {
  it('puts the texts of the events together as they are', () => {
    const bodies = ['{"event_id":"a","value": 1.0}', '{"event_id":"ü"}'];
    const { method, path, body } = conversionsRequest(settings(), bodies.map(textOf));
    expect({ method, path }).toEqual({ method: 'POST', path: '/v26.0/123/events' });
    expect(body.toString()).toBe('{"data":[{"event_id":"a","value": 1.0},{"event_id":"ü"}]}');
  });

  it('adds what is set for the destination', () => {
    const more = { testEventCode: 'TEST1', partnerAgent: 'ag"ent', uploadTag: 'store' };
    expect(JSON.parse(conversionsRequest(settings(more), [textOf('{}')]).body.toString())).toEqual({
      data: [{}],
      test_event_code: 'TEST1',
      partner_agent: 'ag"ent',
      upload_tag: 'store',
    });
  });

  it('prefers the test code of the events', () => {
    const { body } = conversionsRequest(settings({ testEventCode: 'TEST1' }), [textOf('{}')], {
      testEventCode: 'TEST2',
    });
    expect(JSON.parse(body.toString())).toMatchObject({ test_event_code: 'TEST2' });
    const tagged = conversionsRequest(settings({ uploadTag: 'all' }), [textOf('{}')], { uploadTag: 'store-7' });
    expect(JSON.parse(tagged.body.toString())).toMatchObject({ upload_tag: 'store-7' });
  });

  it('names the setting that is missing', () => {
    const { pixelId: _, ...without } = settings();
    expect(() => conversionsRequest(without, [textOf('{}')])).toThrow(/settings\.pixel_id/);
  });
});

describe('the conversions sink', () => {
  it('sends all of a call as one request', async () => {
    const { graph, sink } = await setUp((_, response) => answerJson(response, 200, received(1_000)));
    const outcomes = await sink.send(deliveries(1_000, { testEventCode: 'TEST7' }), never);
    expect(outcomes).toHaveLength(1_000);
    expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(['delivered']));
    expect(graph.requests).toHaveLength(1);
    const body = JSON.parse(graph.requests[0]?.body ?? '');
    expect(body.data).toHaveLength(1_000);
    expect(body.data[999]).toEqual({ event_id: 'e-999' });
    expect(body.test_event_code).toBe('TEST7');
  });

  it('sends nothing for nothing, and refuses more than Meta takes', async () => {
    const { graph, sink } = await setUp((_, response) => answerJson(response, 200, received(0)));
    expect(await sink.send([], never)).toEqual([]);
    await expect(sink.send(deliveries(1_001), never)).rejects.toMatchObject({ code: 'BATCH_TOO_LARGE' });
    expect(graph.requests).toHaveLength(0);
  });

  it.each([{ events_received: 2 }, { events_received: 0 }, {}, { events_received: 'three' }])(
    'rule 12: takes HTTP 200 with %j for 3 events as a failure of which Meta may have some',
    async (answer) => {
      const { sink } = await setUp((_, response) => answerJson(response, 200, { ...answer, fbtrace_id: 'Abc' }));
      expect(await sink.send(deliveries(3), never)).toMatchObject(
        Array.from({ length: 3 }, () => ({
          kind: 'retryable',
          ambiguous: true,
          failure: { code: 'EVENTS_RECEIVED_MISMATCH', meta: { fbtraceId: 'Abc' } },
        })),
      );
    },
  );

  it('takes a log-in page or the JSON of a proxy, and HTML with 400, for nothing that Meta said of an event', async () => {
    const answers: readonly (readonly [number, string, string])[] = [
      [200, 'text/html', '<html>Log in</html>'],
      [200, 'application/json', '{"message":"log in"}'],
      [400, 'text/html', '<html>Bad request</html>'],
      [400, 'application/json', '{"message":"bad request"}'],
    ];
    const { sink } = await setUp((_, response, number) => {
      const [status, type, body] = answers[number - 1] ?? [500, '', ''];
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    for (const [status] of answers) {
      const outcomes = await sink.send(deliveries(2), never);
      expect(outcomes).toMatchObject([
        { kind: 'blocked', failure: { code: `HTTP_${status}`, fix: expect.stringContaining('proxy') } },
        { kind: 'blocked' },
      ]);
      expect(outcomes.every((outcome) => 'ambiguous' in outcome)).toBe(status === 200);
    }
  });

  it('answers a refusal for every event of the request', async () => {
    const error = { message: 'Invalid parameter', code: 100, error_subcode: 2804003, error_user_title: 'Trop ancien' };
    const { sink, telemetry } = await setUp((_, response) => answerJson(response, 400, { error }));
    const outcomes = await sink.send(deliveries(2), never);
    expect(outcomes).toMatchObject([
      { kind: 'rejected', whole: true, known: true, failure: { code: 'META_100_2804003' } },
      { kind: 'rejected', whole: true },
    ]);
    expect(telemetry.events).toMatchObject([
      { kind: 'sent', destination: 'shop', count: 2 },
      {
        kind: 'request_finished',
        destination: 'shop',
        lane: 'shop/123',
        outcome: 'rejected',
        deliveries: 2,
        bytes: '{"data":[{"event_id":"e-0"},{"event_id":"e-1"}]}'.length,
        failure: { code: 'META_100_2804003' },
      },
    ]);
  });

  it('tells of each event once that it was sent, however often its request is repeated', async () => {
    const { sink, telemetry } = await setUp((_, response) => response.writeHead(500).end());
    const [first, second, third] = deliveries(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were asked for');
    await sink.send([first, second], never);
    await sink.send([first, second], never);
    await sink.send([second, third], never);
    const sent = telemetry.events.flatMap((event) => (event.kind === 'sent' ? [event.count] : []));
    expect(sent).toEqual([2, 1]);
  });

  it('names the limit that a throttle is about, so that lanes can share it', async () => {
    const { sink } = await setUp((_, response) => answerJson(response, 400, { error: { code: 80004 } }), {
      adAccountId: 'act_9',
    });
    expect(await sink.send(deliveries(1), never)).toMatchObject([
      { kind: 'throttled', scope: 'account:act_9/ads_management' },
    ]);
  });

  it('reports the usage of each limit', async () => {
    const headers = { 'x-app-usage': '{"call_count":50}', 'x-ad-account-usage': '{"acc_id_util_pct":80}' };
    const { sink, telemetry, usages } = await setUp((_, response) => answerJson(response, 200, received(1), headers));
    await sink.send(deliveries(1), never);
    expect(usages).toEqual([
      { percent: 50, scope: 'app:environment variable META_ACCESS_TOKEN' },
      { percent: 80, scope: 'dataset:123' },
    ]);
    expect(telemetry.events).toContainEqual({ kind: 'usage', lane: 'shop/123', percent: 80 });
  });

  it('reads the token for each request', async () => {
    const tokens = ['first', 'second\n'];
    const accessToken = { origin: 'file token', read: () => tokens.shift() ?? '' };
    const { graph, sink } = await setUp((_, response) => answerJson(response, 200, received(1)), { accessToken });
    await sink.send(deliveries(1), never);
    await sink.send(deliveries(1), never);
    expect(graph.requests.map((request) => request.headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });

  it.each([
    [
      'can not be read',
      () => {
        throw Object.assign(new Error('ENOENT: EAAsecret'), { code: 'ENOENT' });
      },
    ],
    ['is empty', () => ' \n'],
    ['holds what no header can', () => 'EAAsecret\nline'],
  ])('is blocked when the token %s, and says where it is read from but not what', async (_, read) => {
    const { graph, sink } = await setUp(() => {}, { accessToken: { origin: 'file /run/token', read } });
    const outcomes = await sink.send(deliveries(2), never);
    expect(outcomes).toMatchObject([{ kind: 'blocked', failure: { code: 'SECRET_UNREADABLE' } }, { kind: 'blocked' }]);
    expect(JSON.stringify(outcomes)).toContain('file /run/token');
    expect(JSON.stringify(outcomes)).not.toContain('EAAsecret');
    expect(graph.requests).toHaveLength(0);
  });

  it('proves the secret of the app when it is set', async () => {
    const appSecret = { origin: 'file secret', read: () => 'secret' };
    const { graph, sink } = await setUp((_, response) => answerJson(response, 200, received(1)), { appSecret });
    await sink.send(deliveries(1), never);
    expect(JSON.parse(graph.requests[0]?.body ?? '')).toMatchObject({
      appsecret_proof: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});

describe('throttleScopeNames', () => {
  it('is the same for destinations with the same token, and never holds the token', () => {
    expect(throttleScopeNames(settings(), 'ads_management')).toEqual({
      app: 'app:environment variable META_ACCESS_TOKEN',
      account: 'dataset:123',
      useCase: 'dataset:123/ads_management',
    });
    expect(throttleScopeNames(settings({ adAccountId: 'act_1' }), 'custom_audience')).toMatchObject({
      account: 'account:act_1',
      useCase: 'account:act_1/custom_audience',
    });
  });
});
