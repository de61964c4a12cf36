import { ProxyTracerProvider, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import type { FinalSink } from '../../src/core/delivery.ts';
import type { GraphCall, GraphClient } from '../../src/meta/graph-client.ts';
import type { GraphReply } from '../../src/meta/graph-reply.ts';
import { createTracing } from '../../src/tracing/tracing.ts';
import { type RecordedSpan, recordingProvider } from '../support/recording-tracer.ts';
import { simulatedSource } from '../support/simulated-source.ts';

const ofProcess = { system: 'kafka', group: 'orders', graphUrl: 'https://graph.facebook.com' } as const;

function recording() {
  const spans: RecordedSpan[] = [];
  const provider = recordingProvider((span) => void spans.push(span));
  return { spans, tracing: createTracing(ofProcess, '1.2.3', provider) };
}

function clientAnswering(reply: GraphReply): GraphClient {
  return { request: async () => reply, dropSockets: () => undefined, close: async () => undefined };
}

describe('tracing', () => {
  it('wraps nothing where no SDK was loaded', () => {
    const tracing = createTracing(ofProcess, '1.2.3', new ProxyTracerProvider());
    const [source, client] = [simulatedSource([]), clientAnswering({ kind: 'failed', reason: 'dns', sent: false })];
    const sink: FinalSink = { send: async () => [] };
    expect(tracing.source(source)).toBe(source);
    expect(tracing.client(client)).toBe(client);
    expect(tracing.sink(sink, 'shop', 'shop')).toBe(sink);
  });

  it('says of a request where it went and how it ended, without token, body or query', async () => {
    const { spans, tracing } = recording();
    const call = {
      method: 'POST' as const,
      ...{ path: '/v27.0/123/events?name=jane@example.com', token: 'geheim' },
      ...{ body: Buffer.from('jane@example.com'), signal: new AbortController().signal },
    } satisfies GraphCall;
    await tracing.client(clientAnswering({ kind: 'answered', status: 503, headers: {} })).request(call);
    await tracing.client(clientAnswering({ kind: 'failed', reason: 'timeout', sent: true })).request(call);
    expect(spans).toMatchObject([
      {
        name: 'POST',
        kind: SpanKind.CLIENT,
        status: SpanStatusCode.ERROR,
        attributes: {
          'http.request.method': 'POST',
          'url.full': 'https://graph.facebook.com/v27.0/123/events',
          'server.address': 'graph.facebook.com',
          'server.port': 443,
          'http.request.body.size': 16,
          'http.response.status_code': 503,
          'error.type': '503',
        },
      },
      { attributes: { 'error.type': 'timeout' }, status: SpanStatusCode.ERROR },
    ]);
    expect(JSON.stringify(spans)).not.toMatch(/geheim|jane/);
  });

  it('tells the address of Meta as it is asked, also behind a proxy with a path of its own', async () => {
    const spans: RecordedSpan[] = [];
    const provider = recordingProvider((span) => void spans.push(span));
    const tracing = createTracing({ ...ofProcess, graphUrl: 'http://proxy.example/meta/' }, '1.2.3', provider);
    const call = { method: 'GET' as const, path: '/v27.0/1', token: 'geheim', signal: new AbortController().signal };
    await tracing.client(clientAnswering({ kind: 'answered', status: 200, headers: {} })).request(call);
    expect(spans[0]?.attributes['url.full']).toBe('http://proxy.example/meta/v27.0/1');
  });

  it('ends the span of a poll also where its handler throws', async () => {
    const { spans, tracing } = recording();
    const source = simulatedSource([{ topic: 'orders', partition: 3, records: [] }]);
    const record = { ...{ topic: 'orders', partition: 3, offset: 7, next: 8, timestamp: 0 }, key: null, value: null };
    const records = [{ ...record, headers: undefined }];
    const start = (batch: () => void) =>
      tracing
        .source({ ...source, start: async (given) => given.batch({ ...record, epoch: 1, records }) })
        .start({ batch, assigned() {}, lost() {}, finished() {}, failed() {} });
    await start(() => undefined);
    await expect(start(() => expect.fail('a bug'))).rejects.toThrow('a bug');
    expect(spans).toHaveLength(2);
    expect(spans[0]).toMatchObject({
      name: 'poll orders',
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'poll',
        'messaging.operation.type': 'receive',
        'messaging.destination.name': 'orders',
        'messaging.destination.partition.id': '3',
        'messaging.batch.message_count': 1,
        'messaging.consumer.group.name': 'orders',
        'messaging.kafka.offset': 7,
      },
    });
  });
});
