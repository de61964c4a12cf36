/**
 * What triggers cost, beside parsing the JSON of the same event in the same run: `npx node bench/trigger.ts`.
 * Figures are medians over rounds, in operations per second.
 */
import { triggerCandidates } from '../src/trigger/candidates.ts';
import { compilePredicate } from '../src/trigger/compile.ts';
import { compileTrigger } from '../src/trigger/compile-trigger.ts';
import { parseTrigger } from '../src/trigger/parse.ts';
import { indexSubscriptions } from '../src/trigger/subscription-index.ts';

const rounds = 15;
const roundMillis = 60;
const bytesOfEvent = 1_500;

/** Keeps the results of the measured code alive, so that it isn't optimized away. */
let sink = 0;

function opsPerSecond(run: () => unknown): number {
  const figures: number[] = [];
  let batch = 1;
  for (let round = 0; round < rounds + 2; round += 1) {
    let operations = 0;
    let elapsed = 0;
    const start = performance.now();
    while (elapsed < roundMillis) {
      for (let count = 0; count < batch; count += 1) if (run() !== undefined) sink += 1;
      operations += batch;
      elapsed = performance.now() - start;
      if (elapsed < roundMillis / 10) batch *= 2;
    }
    // The first two rounds warm up the compiler.
    if (round >= 2) figures.push((operations / elapsed) * 1000);
  }
  return figures.sort((left, right) => left - right)[Math.floor(rounds / 2)] ?? 0;
}

function sampleEvent(): Readonly<Record<string, unknown>> {
  const event = {
    type: 'track',
    event: 'Order Completed',
    messageId: 'order-1',
    anonymousId: 'visitor-1',
    timestamp: '2026-01-05T10:00:00.000Z',
    properties: { order_id: 'order-1', total: 129.5, currency: 'EUR', products: [] as object[], coupon: '' },
    context: {
      page: { url: 'https://shop.example/thanks', path: '/thanks' },
      locale: 'de-DE',
      userAgent: 'Browser/1.0',
    },
  };
  for (let number = 1; JSON.stringify(event).length < bytesOfEvent - 80; number += 1) {
    event.properties.products.push({ product_id: `sku-${number}`, name: `Article ${number}`, price: 9.5, quantity: 2 });
  }
  return event;
}

function subscriptionOf(expression: string) {
  const parsed = parseTrigger(expression);
  if (!('tree' in parsed)) throw new Error(`not a trigger: ${expression}`);
  return { candidates: triggerCandidates(parsed.tree), matches: compilePredicate(parsed.tree) };
}

const event = sampleEvent();
const json = JSON.stringify(event);
const matches = compileTrigger('type = "track" and event = "Order Completed"');
const subscriptions = Array.from({ length: 50 }, (_, number) =>
  subscriptionOf(
    number % 10 === 0
      ? `type = "track" and event = "Order Completed" and properties.total > ${number}`
      : `type = "track" and event = "Event ${number}"`,
  ),
);
const candidatesFor = indexSubscriptions(subscriptions);

function route(routed: Readonly<Record<string, unknown>>): number {
  let matched = 0;
  for (const subscription of candidatesFor(routed)) if (subscription.matches(routed)) matched += 1;
  return matched;
}

const results = [
  [`JSON.parse of the event (${json.length} bytes)`, opsPerSecond(() => JSON.parse(json))],
  ['type = "track" and event = "Order Completed"', opsPerSecond(() => matches(event))],
  [`routing over 50 subscriptions (${route(event)} match)`, opsPerSecond(() => route(event))],
] as const;
const baseline = results[0][1];
for (const [name, figure] of results) {
  const share = ((100 * baseline) / figure).toFixed(1);
  console.log(
    `${name.padEnd(50)} ${Math.round(figure).toLocaleString('en').padStart(13)}/s  ${share.padStart(6)} % of JSON.parse`,
  );
}
if (sink === 0) console.log('nothing was measured');
