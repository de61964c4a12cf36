/**
 * What a reader of the live stream costs: the processor time of planning 20,000 events, a second's worth, without a reader and
 * with one, by turns in one run. The stream looks at 1,000 of them at most, which all are told here.
 *
 *   node bench/decision-stream.ts
 */
import { cpuUsage } from 'node:process';
import { createDecisionStream } from '../src/api/decisions/decision-stream.ts';
import { isRefused } from '../src/api/server/handler.ts';
import { loadDestination } from '../src/connector/load-destination.ts';
import type { SourceRecord } from '../src/core/record.ts';
import { planRecord } from '../src/pipeline/route/plan.ts';
import { orderEvent } from './order-event.ts';

const eventsPerSecond = 20_000;
const lookedPerSecond = 1_000;
const turns = 7;
const destination = await loadDestination('mappings/web-store.json', { environment: { META_ACCESS_TOKEN: 'x' } });
const value = Buffer.from(JSON.stringify({ ...orderEvent, timestamp: new Date().toISOString() }));
const decode = { envelope: [], maxRecordBytes: 1_000_000 };

function second(look: boolean): number {
  const stream = createDecisionStream(Date.now);
  if (look) {
    const subscribe = stream.read({ perSecond: 10 });
    if (isRefused(subscribe)) throw new Error(subscribe.error);
    subscribe({ send: (_event, data) => JSON.stringify(data).length > 0 });
  }
  const before = cpuUsage();
  for (let at = 0; at < eventsPerSecond; at += 1) {
    const place = { topic: 'events', partition: 0, offset: at, next: at + 1, timestamp: Date.now() };
    const record: SourceRecord = { ...place, key: null, value, headers: undefined };
    const plan = planRecord(record, [destination], { decode }, Date.now(), () => false);
    if (look && at % (eventsPerSecond / lookedPerSecond) === 0) stream.tell(record, plan);
  }
  const { user, system } = cpuUsage(before);
  stream.close();
  return (user + system) / 1_000;
}

const ratios: number[] = [];
for (let turn = 0; turn < turns; turn += 1) {
  const without = second(false);
  const reading = second(true);
  ratios.push(reading / without);
  console.log(`without ${without.toFixed(0)} ms, with a reader ${reading.toFixed(0)} ms`);
}
const middle = ratios.toSorted((a, b) => a - b)[Math.floor(turns / 2)] ?? Number.NaN;
console.log(`the median turn costs ${((middle - 1) * 100).toFixed(1)} % more`);
