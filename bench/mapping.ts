/**
 * Resolving a Purchase-like mapping of 40 fields for an order event of 1.5 KB, beside JSON.parse of that event in the
 * same run. `npx node bench/mapping.ts`
 */
import { compileMapping } from '../src/mapping/compile.ts';
import { orderEvent } from './order-event.ts';

const rounds = 41;
const repetitions = 5_000;

const path = (text: string) => ({ '@path': text });
const first = (...texts: readonly string[]) => ({ '@first': texts.map(path) });
const trait = (...names: readonly string[]) =>
  first(...names.flatMap((name) => [`$.traits.${name}`, `$.context.traits.${name}`, `$.properties.${name}`]));

const either = (exists: unknown, yes: unknown, no: unknown) => ({
  '@if': Object.fromEntries([
    ['exists', exists],
    ['then', yes],
    ['else', no],
  ]),
});

const mapping = {
  event_name: 'Purchase',
  event_time: path('$.timestamp'),
  event_id: path('$.messageId'),
  event_source_url: path('$.context.page.url'),
  referrer_url: path('$.context.page.referrer'),
  action_source: either(path('$.context.page.url'), 'website', 'other'),
  em: trait('email'),
  ph: trait('phone'),
  ge: trait('gender'),
  db: trait('birthday'),
  ln: trait('lastName', 'last_name'),
  fn: trait('firstName', 'first_name'),
  ct: trait('address.city'),
  st: trait('address.state'),
  zp: trait('address.postalCode', 'address.zip'),
  country: trait('address.country'),
  external_id: first('$.userId', '$.anonymousId'),
  client_ip_address: path('$.context.ip'),
  client_user_agent: path('$.context.userAgent'),
  fbc: first('$.properties.fbc', '$.context.fbc', '$.integrations.Facebook.fbc'),
  fbp: first('$.properties.fbp', '$.context.fbp', '$.integrations.Facebook.fbp'),
  subscription_id: path('$.properties.subscription_id'),
  lead_id: path('$.properties.lead_id'),
  madid: path('$.context.device.advertisingId'),
  currency: { '@case': { operator: 'upper', value: path('$.properties.currency') } },
  value: first('$.properties.total', '$.properties.revenue', '$.properties.value'),
  order_id: path('$.properties.order_id'),
  content_name: path('$.properties.name'),
  content_category: path('$.properties.category'),
  content_ids: { '@arrayPath': ['$.properties.products', path('$.product_id')] },
  contents: {
    '@arrayPath': [
      '$.properties.products',
      { id: first('$.product_id', '$.sku'), quantity: path('$.quantity'), item_price: path('$.price') },
    ],
  },
  content_type: 'product',
  num_items: path('$.properties.num_items'),
  delivery_category: path('$.properties.delivery_category'),
  search_string: path('$.properties.query'),
  status: path('$.properties.status'),
  predicted_ltv: path('$.properties.predicted_ltv'),
  data_processing_options: path('$.properties.data_processing_options'),
  opt_out: path('$.properties.opt_out'),
  custom_data: { coupon: path('$.properties.coupon'), shipping: path('$.properties.shipping') },
};

/** Nanoseconds for one call: the median of the rounds. */
function measure(work: () => unknown): number {
  let kept: unknown;
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = process.hrtime.bigint();
    for (let index = 0; index < repetitions; index += 1) kept = work();
    times.push(Number(process.hrtime.bigint() - start) / repetitions);
  }
  if (kept === undefined) throw new Error('the work gave nothing');
  return times.sort((left, right) => left - right)[Math.floor(rounds / 2)] ?? Number.NaN;
}

const text = JSON.stringify(orderEvent);
const resolve = compileMapping(mapping);
// Events come from the parser in production: their objects have the shapes that it gives them.
const parsed: readonly unknown[] = Array.from({ length: 64 }, () => JSON.parse(text));
let turn = 0;

const resolving = measure(() => {
  turn = (turn + 1) % parsed.length;
  return resolve(parsed[turn]);
});
const parsing = measure(() => JSON.parse(text));

const perSecond = (nanoseconds: number) => Math.round(1e9 / nanoseconds).toLocaleString('en');
const line = (name: string, nanoseconds: number) =>
  `${name.padEnd(44)} ${(nanoseconds / 1000).toFixed(2).padStart(6)} µs  ${perSecond(nanoseconds).padStart(9)} per second`;

console.log(line(`resolve ${Object.keys(mapping).length} fields`, resolving));
console.log(line(`JSON.parse of the event (${Buffer.byteLength(text)} bytes)`, parsing));
console.log(`ratio ${(resolving / parsing).toFixed(2)}`);
