import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/connector/system-clock.ts';
import type { TelemetryEvent } from '../../src/core/telemetry.ts';
import type { Condition } from '../../src/notify/condition.ts';
import { createNotifier, type Notifier } from '../../src/notify/notifier.ts';
import { createWebhook } from '../../src/notify/webhook.ts';
import { listening } from '../support/listening.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const blocked: Condition = {
  ...{ kind: 'lane_blocked', subject: 'lane shop', destination: 'shop', code: 'META_190' },
  ...{ message: 'The access token <1> has expired.', fix: 'make a new one' },
};

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0)) await end();
});

/** A webhook that answers as it is told, and a notifier that tells it. */
async function told(
  answer: (response: ServerResponse) => void,
  {
    format = 'json',
    timeoutMillis = 60_000,
  }: { readonly format?: 'json' | 'slack'; readonly timeoutMillis?: number } = {},
) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      answer(response);
    });
  });
  const listens = await listening(server);
  const events: TelemetryEvent[] = [];
  let conditions: readonly Condition[] = [];
  const notifier: Notifier = createNotifier({
    format,
    conditions: () => conditions,
    post: createWebhook({
      url: () => `http://127.0.0.1:${listens.port}/hook/geheim`,
      key: () => 'key',
      ...{ fetch, timeoutMillis, now: Date.now },
    }),
    ...{ intervalMillis: 1, tickMillis: 5, gatherMillis: 20, retryMillis: { firstMillis: 10, longestMillis: 40 } },
    facts: { version: '1.2.3', instance: 'pod-1', group: 'orders' },
    ...{ clock: systemClock, random: () => 0, telemetry: { emit: (event) => void events.push(event) } },
  });
  cleanUp.push(() => notifier.stop(), listens.close);
  notifier.start();
  return {
    received,
    events,
    hold(...list: readonly Condition[]) {
      conditions = list;
    },
    bodies: () => received.map(({ body }) => JSON.parse(body)),
    stop: () => notifier.stop(),
  };
}

const take = (response: ServerResponse) => response.end('ok');

describe('a webhook', () => {
  it('is told in one message of what begins together, and in another when it ends', async () => {
    const { hold, received, bodies } = await told(take);
    hold(blocked, { ...blocked, subject: 'lane other', destination: 'other' });
    await expect.poll(() => received.length).toBe(1);
    expect(bodies()[0]).toMatchObject({
      sender: { program: 'meta-actions', version: '1.2.3', instance: 'pod-1', group: 'orders' },
      changes: [
        { kind: 'lane_blocked', state: 'begun', subject: 'lane shop', destination: 'shop', code: 'META_190' },
        { subject: 'lane other' },
      ],
      ...{ open: 2, left_out: 0 },
    });
    hold();
    await expect.poll(() => received.length).toBe(2);
    expect(bodies()[1]).toMatchObject({ open: 0, changes: [{ state: 'ended', kind: 'lane_blocked' }, {}] });
    expect(bodies()[1].text).toMatch(/✓ lane shop sends again, after \d+ s/);
  });

  it('of Slack gets text, in which nothing is taken for markup', async () => {
    const { hold, received, bodies } = await told(take, { format: 'slack' });
    hold(blocked);
    await expect.poll(() => received.length).toBe(1);
    expect(Object.keys(bodies()[0])).toEqual(['text']);
    expect(bodies()[0].text).toContain('The access token &lt;1&gt; has expired. (META_190) Fix: make a new one');
  });

  it('can check that a message is ours and new, by the lines in the guide', async () => {
    const { hold, received } = await told(take);
    hold(blocked);
    await expect.poll(() => received.length).toBe(1);
    const page = readFileSync('docs/operations.md', 'utf8');
    const [, lines = ''] = /<!-- verify -->\n```js\n([\s\S]*?)```/.exec(page) ?? [];
    expect(lines.trim().split('\n').length).toBeLessThanOrEqual(5);
    const verify: unknown = new Function('createHmac', 'timingSafeEqual', `${lines}\nreturn isOurs;`)(
      createHmac,
      timingSafeEqual,
    );
    if (typeof verify !== 'function') throw new Error('the guide has no function isOurs');
    const [message] = received;
    if (message === undefined) throw new Error('nothing was received');
    expect(verify(message.headers, message.body, 'key')).toBe(true);
    expect(verify(message.headers, message.body, 'other')).toBe(false);
    expect(verify(message.headers, `${message.body} `, 'key')).toBe(false);
    const old = String(Number(message.headers['meta-actions-timestamp']) - 3_600);
    expect(verify({ ...message.headers, 'meta-actions-timestamp': old }, message.body, 'key')).toBe(false);
    expect(verify({}, message.body, 'key')).toBe(false);
  });

  it('that fails is tried again until it takes the message, with what has come since', async () => {
    let isWell = false;
    const { hold, bodies, events } = await told((response) => {
      response.statusCode = isWell ? 200 : 500;
      response.end();
    });
    const failed = () => events.filter((event) => event.kind === 'notify_failed');
    hold(blocked);
    await expect.poll(() => failed().length).toBeGreaterThan(3);
    expect(
      failed()
        .slice(0, 4)
        .map(({ reason, waitMillis }) => [reason, waitMillis]),
    ).toEqual([
      ['HTTP_500', 10],
      ['HTTP_500', 20],
      ['HTTP_500', 40],
      ['HTTP_500', 40],
    ]);
    hold(blocked, { ...blocked, subject: 'lane other' });
    await expect.poll(() => bodies().at(-1).changes.length).toBe(2);
    isWell = true;
    await expect.poll(() => events).toContainEqual({ kind: 'notified', changes: 2 });
  });

  it('that hangs is given up, tried again, and delays no stop', async () => {
    const { hold, received, events, stop } = await told(() => undefined, { timeoutMillis: 100 });
    hold(blocked);
    await expect.poll(() => events).toContainEqual(expect.objectContaining({ reason: 'TIMEOUT' }));
    await expect.poll(() => received.length).toBeGreaterThan(1);
    stop();
    const atStop = events.length;
    await systemClock.sleep(300);
    expect(events).toHaveLength(atStop);
  });

  it('that answers without end has taken the message', async () => {
    const { hold, events } = await told((response) => {
      response.writeHead(200);
      response.write('…');
    });
    hold(blocked);
    await expect.poll(() => events).toContainEqual({ kind: 'notified', changes: 1 });
  });

  it('that sends elsewhere is not followed, and its address is in no event', async () => {
    const { hold, events, received } = await told((response) => {
      response.writeHead(302, { location: '/elsewhere' });
      response.end();
    });
    hold(blocked);
    await expect.poll(() => events.length).toBeGreaterThan(1);
    expect(events[0]).toMatchObject({ kind: 'notify_failed', reason: 'HTTP_302' });
    expect(received.every(({ headers }) => headers.host?.startsWith('127.0.0.1'))).toBe(true);
    expect(JSON.stringify(events)).not.toContain('geheim');
  });

  it('that names a time is left alone for that long', async () => {
    const { hold, events } = await told((response) => {
      response.writeHead(429, { 'retry-after': '7' });
      response.end();
    });
    hold(blocked);
    await expect.poll(() => events).toMatchObject([{ reason: 'HTTP_429', waitMillis: 7_000 }]);
  });

  it('that names a time by its own clock is left alone until then, for an hour at most', async () => {
    const { hold, events } = await told((response) => {
      response.writeHead(503, {
        date: 'Sun, 06 Nov 1994 08:49:37 GMT',
        'retry-after': 'Mon, 07 Nov 1994 08:49:37 GMT',
      });
      response.end();
    });
    hold(blocked);
    await expect.poll(() => events).toMatchObject([{ reason: 'HTTP_503', waitMillis: 3_600_000 }]);
  });
});

describe('a webhook that is not there', () => {
  it('is named by a code alone', async () => {
    const post = createWebhook({
      url: () => 'http://127.0.0.1:1/geheim',
      ...{ fetch, timeoutMillis: 5_000, now: Date.now },
    });
    const posted = await post('{}', new AbortController().signal);
    expect(posted.kind).toBe('failed');
    expect(JSON.stringify(posted)).not.toContain('geheim');
  });
});
