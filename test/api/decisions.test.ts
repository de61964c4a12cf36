import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDecisionStream, type DecisionStream } from '../../src/api/decisions/decision-stream.ts';
import { type AnswerOf, isRefused } from '../../src/api/server/handler.ts';
import type { SourceRecord } from '../../src/core/record.ts';
import type { RecordPlan } from '../../src/pipeline/route/plan.ts';
import { openApiStage } from '../support/api-stage.ts';
import { shopEvent } from '../support/shop-event.ts';

function recordOf(value: string): SourceRecord {
  return {
    ...{ topic: 'events', partition: 0, offset: 7, next: 8, timestamp: 0 },
    ...{ key: null, value: Buffer.from(value), headers: undefined },
  };
}

const event = { type: 'track', event: 'Order Completed', messageId: 'm-1' } as const;
const noMatch: RecordPlan = { decoded: { kind: 'event', event }, decisions: [] };
const broken: RecordPlan = {
  decoded: { kind: 'undecodable', failure: { code: 'NOT_JSON', message: 'no JSON' } },
  decisions: [{ kind: 'undecodable', failure: { code: 'NOT_JSON', message: 'no JSON' } }],
};

let stream: DecisionStream;
afterEach(() => stream.close());

function reading(query: Parameters<DecisionStream['read']>[0] = {}) {
  const received: Record<string, unknown>[] = [];
  const subscribe = stream.read(query);
  if (isRefused(subscribe)) throw new Error(subscribe.error);
  const leave = subscribe({
    send(_event, data) {
      received.push(data as Record<string, unknown>);
      return true;
    },
  });
  return { received, leave };
}

describe('the stream of decisions', () => {
  it('wants nothing while nobody reads, and keeps nothing when it ends', () => {
    stream = createDecisionStream(() => 5);
    expect(stream.wants).toBe(false);
    const { received, leave } = reading();
    expect(stream.wants).toBe(true);
    stream.tell(recordOf('{"a":1}'), noMatch);
    expect(received).toMatchObject([{ at: 5, outcome: 'no_match', event: 'Order Completed', offset: 7 }]);
    const id = String(received[0]?.['sample']);
    expect(stream.sample(id)?.value?.toString()).toBe('{"a":1}');
    leave();
    expect([stream.wants, stream.readers()]).toEqual([false, 0]);
    stream.close();
    expect(stream.sample(id)).toBeUndefined();
  });

  it('tells each reader what it asks for, and no more a second than it asks for', () => {
    stream = createDecisionStream(() => 5);
    const all = reading({ perSecond: 3 });
    const undecodable = reading({ outcome: 'undecodable' });
    const named = reading({ event: 'ORDER' });
    for (let at = 0; at < 10; at += 1) stream.tell(recordOf('{}'), noMatch);
    stream.tell(recordOf('{"a'), broken);
    expect(all.received).toHaveLength(3);
    expect(undecodable.received).toMatchObject([{ outcome: 'undecodable', code: 'NOT_JSON' }]);
    expect(named.received).toHaveLength(10);
  });

  it('holds a bounded number of events, and none that is large', () => {
    stream = createDecisionStream(() => 5);
    const readers = Array.from({ length: 5 }, () => reading({ perSecond: 50 }));
    stream.tell(recordOf('x'.repeat(100_000)), broken);
    expect(readers[0]?.received[0]).not.toHaveProperty('sample');
    for (let at = 0; at < 49; at += 1) stream.tell(recordOf('{}'), noMatch);
    expect(stream.sample(String(readers[0]?.received[1]?.['sample']))).toBeDefined();
    for (const { leave } of readers) leave();
    for (let round = 0; round < 3; round += 1) {
      const { leave } = reading({ perSecond: 50 });
      const other = reading();
      for (let at = 0; at < 50; at += 1) stream.tell(recordOf('{}'), noMatch);
      leave();
      if (round < 2) other.leave();
    }
    expect(stream.readers()).toBe(1);
  });

  it('keeps an event for who goes from the stream to the workbench, and forgets it when nobody comes back', () => {
    vi.useFakeTimers();
    try {
      stream = createDecisionStream(() => 5);
      const { received, leave } = reading();
      stream.tell(recordOf('{"a":1}'), noMatch);
      const id = String(received[0]?.['sample']);
      leave();
      vi.advanceTimersByTime(9 * 60_000);
      reading().leave();
      vi.advanceTimersByTime(9 * 60_000);
      expect(stream.sample(id)?.value?.toString()).toBe('{"a":1}');
      vi.advanceTimersByTime(60_000);
      expect(stream.sample(id)).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes fifty readers, and turns the next away', () => {
    stream = createDecisionStream(() => 5);
    const readers = Array.from({ length: 50 }, () => reading());
    expect(stream.read({})).toMatchObject({ refused: 503 });
    readers[0]?.leave();
    expect(isRefused(stream.read({}))).toBe(false);
    expect(stream.read({ perSecond: 1000 })).toMatchObject({ refused: 400 });
  });
});

describe('the stream on the ops port', () => {
  it('sends decisions whose events can be explained, without identifiers of people', async () => {
    stream = createDecisionStream(() => 5);
    const stage = await openApiStage({ follow: true });
    const reader = new AbortController();
    try {
      const answer = await fetch(`${stage.url}/api/v1/decisions?outcome=sent`, { signal: reader.signal });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      stage.feed([shopEvent('live-1')]);
      let text = '';
      for await (const chunk of answer.body ?? []) {
        text += Buffer.from(chunk).toString();
        if (text.includes('event: decision')) break;
      }
      expect(text).not.toContain('live-1@example.com');
      const told = JSON.parse(/data: (.*)\n/.exec(text)?.[1] ?? '') as Record<string, unknown>;
      expect(told).toMatchObject({ outcome: 'sent', destination: 'shop', subscription: 'Orders', messageId: 'live-1' });
      const event = await stage.get<AnswerOf<'decisionEvent'>>(`/decisions/${told['sample']}/event`);
      expect(event).toMatchObject({ identifiers: 'hidden', event: { messageId: 'live-1' } });
      expect(JSON.stringify(event)).not.toContain('live-1@example.com');
    } finally {
      reader.abort();
      await stage.close();
    }
  });

  it('drops readers that do not read, and goes on for everybody else', async () => {
    stream = createDecisionStream(() => 5);
    const stage = await openApiStage({ follow: true });
    const port = Number(new URL(stage.url).port);
    const idle: Socket[] = [];
    try {
      for (let at = 0; at < 50; at += 1) idle.push(await unread(port));
      expect((await fetch(`${stage.url}/api/v1/decisions`)).status).toBe(503);
      stage.feed(Array.from({ length: 2_000 }, (_, at) => shopEvent(`many-${at}`)));
      const read = async () => (await stage.get<AnswerOf<'status'>>('/status')).sinceStart.delivered;
      await expect.poll(read).toBe(2_000);
    } finally {
      for (const socket of idle) socket.destroy();
      await stage.close();
    }
  });
});

/** A connection that asks for the stream and never reads. */
function unread(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET /api/v1/decisions?perSecond=50 HTTP/1.1\r\nhost: localhost\r\n\r\n');
    });
    socket.once('error', reject);
    socket.once('data', () => {
      socket.pause();
      resolve(socket);
    });
  });
}
