/**
 * Stands in for Meta while speed is measured: answers as the Graph API does and reads no more than the ids. A process of
 * its own, forked by the harness, so that its work isn't counted. The sandbox, which checks everything, would be what
 * bounds the figures; the same events are sent to it once in each end-to-end part.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SinkMessage, SinkOrder } from './harness/sink-process.ts';
import { quantile } from './harness/statistics.ts';
import { preciseNow } from './shop.ts';

const marks = ['"event_id":"o-', '["u-'] as const;
const tellEveryMillis = 20;

let seen = new Uint8Array(0);
let latencies = new Float64Array(0);
let received = 0;
/** Not more often than they are expected. */
let unique = 0;
let times = 1;
let requests = 0;
let warm = 0;
let delayMillis = 0;
let told = 0;
/** Answers wait for it. */
let release: PromiseWithResolvers<void> | undefined;
let willTell = false;

function reset(order: Extract<SinkOrder, { kind: 'reset' }>): void {
  seen = new Uint8Array(order.expected);
  latencies = new Float64Array(order.expected);
  received = 0;
  unique = 0;
  times = order.times;
  requests = 0;
  told = 0;
  warm = order.warm;
  delayMillis = order.delayMillis;
}

/** Notes every stamp in the body; returns how many there are. */
function take(body: Buffer, mark: string): number {
  const now = preciseNow();
  const text = body.toString('latin1');
  let count = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at)) {
    at += mark.length;
    const dash = text.indexOf('-', at);
    const number = Number(text.slice(at, dash));
    const producedAt = Number(text.slice(dash + 1, text.indexOf('"', dash))) / 1000;
    latencies[number] = now - producedAt;
    const before = seen[number] ?? times;
    if (before < times) {
      seen[number] = before + 1;
      unique += 1;
    }
    count += 1;
  }
  received += count;
  requests += 1;
  return count;
}

function tell(): void {
  willTell = false;
  if (received === told) return;
  told = received;
  send({ kind: 'received', received, unique });
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const url = request.url ?? '';
  const isEvents = url.endsWith('/events');
  const count = request.method === 'GET' ? 0 : take(body, isEvents ? marks[0] : marks[1]);
  if (unique === seen.length * times) tell();
  else if (!willTell) {
    willTell = true;
    setTimeout(tell, tellEveryMillis);
  }
  await release?.promise;
  if (delayMillis > 0) await sleep(delayMillis);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(request.method === 'GET' ? audience : isEvents ? taken(count) : rows(count)));
}

const audience = { id: '120211', subtype: 'CUSTOM', operation_status: { code: 200 }, is_value_based: false };
const taken = (count: number) => ({ events_received: count, messages: [], fbtrace_id: 'bench' });
const rows = (count: number) => ({
  audience_id: '120211',
  session_id: '1',
  num_received: count,
  num_invalid_entries: 0,
  invalid_entry_samples: {},
});

function report(): void {
  const sorted = latencies.filter((_, number) => number >= warm && (seen[number] ?? 0) > 0).sort();
  send({
    kind: 'report',
    report: {
      received,
      unique,
      requests,
      latency: {
        p50: quantile(sorted, 0.5),
        p99: quantile(sorted, 0.99),
        p999: quantile(sorted, 0.999),
        max: sorted.at(-1) ?? Number.NaN,
      },
    },
  });
}

function send(message: SinkMessage): void {
  process.send?.(message);
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.keepAliveTimeout = 60_000;
process.on('message', (order: SinkOrder) => {
  if (order.kind === 'report') report();
  else if (order.kind === 'hold') release = Promise.withResolvers();
  else if (order.kind === 'release') release?.resolve();
  else {
    reset(order);
    send({ kind: 'ready' });
  }
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  send({ kind: 'listening', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
