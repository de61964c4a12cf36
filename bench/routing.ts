/**
 * What becomes of an event before it is prepared, beside parsing its JSON: the trigger of an order, routing over 50
 * subscriptions, and resolving Purchase's own mapping with a few overrides. `npx node bench/routing.ts`
 *
 * The four are measured in turns, so that a machine that is busy for a while doesn't show in one of them alone; each
 * figure is the median of its rounds. Fails when routing and resolving together cost more than the parsing.
 */
import purchase from '../actions/purchase.ts';
import { mergedMapping } from '../src/config/mapping-merge.ts';
import { compileMapping } from '../src/mapping/compile.ts';
import { triggerCandidates } from '../src/trigger/candidates.ts';
import { compilePredicate } from '../src/trigger/compile.ts';
import { compileTrigger } from '../src/trigger/compile-trigger.ts';
import { parseTrigger } from '../src/trigger/parse.ts';
import { indexSubscriptions } from '../src/trigger/subscription-index.ts';
import { orderEvent } from './order-event.ts';

const rounds = 61;
const repetitions = 4_000;
const orders = 'type = "track" and event = "Order Completed"';

function subscriptionOf(expression: string) {
  const parsed = parseTrigger(expression);
  if (!('tree' in parsed)) throw new Error(`not a trigger: ${expression}`);
  return { candidates: triggerCandidates(parsed.tree), matches: compilePredicate(parsed.tree) };
}

const overrides = {
  value: { '@path': '$.properties.total' },
  currency: { '@case': { operator: 'upper', value: { '@path': '$.properties.currency' } } },
  custom_data: { coupon: { '@path': '$.properties.coupon' }, shipping: { '@path': '$.properties.shipping' } },
};

const text = JSON.stringify(orderEvent);
// Events come from the parser in production: their objects have the shapes that it gives them.
const events: readonly Readonly<Record<string, unknown>>[] = Array.from({ length: 64 }, () => JSON.parse(text));
const matches = compileTrigger(orders);
const resolve = compileMapping(mergedMapping(purchase, overrides));
const candidatesFor = indexSubscriptions(
  Array.from({ length: 50 }, (_, number) =>
    subscriptionOf(
      number % 10 === 0 ? `${orders} and properties.total > ${number}` : `type = "track" and event = "Event ${number}"`,
    ),
  ),
);

function route(event: Readonly<Record<string, unknown>>): number {
  let matched = 0;
  for (const subscription of candidatesFor(event)) if (subscription.matches(event)) matched += 1;
  return matched;
}

let turn = 0;
function next(): Readonly<Record<string, unknown>> {
  turn = (turn + 1) % events.length;
  return events[turn] ?? {};
}

const work = {
  parse: () => JSON.parse(text) as unknown,
  trigger: () => matches(next()),
  route: () => route(next()),
  resolve: () => resolve(next()),
};

type Name = keyof typeof work;
const names = Object.keys(work) as readonly Name[];

/** Keeps the results alive, so that nothing is optimized away. */
let kept: unknown;

function nanosPerCall(name: Name): number {
  const call = work[name];
  const start = process.hrtime.bigint();
  for (let index = 0; index < repetitions; index += 1) kept = call();
  return Number(process.hrtime.bigint() - start) / repetitions;
}

const times: Record<Name, number[]> = { parse: [], trigger: [], route: [], resolve: [] };
for (let round = 0; round < rounds; round += 1) for (const name of names) times[name].push(nanosPerCall(name));
if (kept === undefined) throw new Error('nothing was measured');

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const labels: Readonly<Record<Name, string>> = {
  parse: `JSON.parse of the event (${Buffer.byteLength(text)} bytes)`,
  trigger: orders,
  route: `routing over 50 subscriptions (${route(next())} match)`,
  resolve: `resolving Purchase's mapping (${Object.keys(resolve(next()) as object).length} fields found)`,
};
const baseline = median(times.parse);
for (const name of names) {
  const nanos = median(times[name]);
  const perSecond = Math.round(1e9 / nanos).toLocaleString('en');
  const micros = (nanos / 1000).toFixed(2);
  const share = ((100 * nanos) / baseline).toFixed(1);
  console.log(`${labels[name].padEnd(48)} ${micros.padStart(6)} µs ${perSecond.padStart(12)}/s ${share.padStart(6)} %`);
}
const ratios = times.parse.map((parse, round) => ((times.route[round] ?? 0) + (times.resolve[round] ?? 0)) / parse);
const ratio = median(ratios);
console.log(`routing and resolving together: ${(100 * ratio).toFixed(1)} % of JSON.parse (target: below 100 %)`);
process.exitCode = ratio < 1 ? 0 : 1;
