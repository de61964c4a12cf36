import type { AnalyticsEvent } from '../../src/core/event.ts';
import type { Part } from '../harness/part.ts';
import { median } from '../harness/statistics.ts';
import { segmentPackages, type SegmentPackages } from '../parity/segment-packages.ts';
import {
  assertSamePeople,
  mappingBesideSegment,
  pixel,
  segmentSubscription,
  type SentBody,
} from '../peers/segment-mapping.ts';
import { createSegmentRunner } from '../peers/segment-runner.ts';
import { order, preciseNow } from '../shop.ts';
import { batcherTo, bodyOf, deliveryOf, loaded, preparedBy, recordOf } from './in-process.ts';

const count = 1000;
/** From an event object to the body of the request, beside the packages that Segment publishes. */
export const segment: Part = async (bench) => {
  const now = preciseNow();
  const text = Array.from({ length: count }, (_, number) => JSON.stringify(order({ number, at: now })));
  const events = text.map((one) => JSON.parse(one) as AnalyticsEvent);
  const records = text.map((one, index) => recordOf(Buffer.from(one), index));
  const destination = await loaded({
    subscriptions: [{ name: 'Orders', action: 'purchase', mapping: mappingBesideSegment }],
  });
  const batched = batcherTo(destination);

  function product(): Buffer {
    const deliveries = events.map((event, index) =>
      deliveryOf(
        bodyOf(preparedBy(destination, event, records[index] ?? recordOf(Buffer.alloc(0), index), now)),
        index,
      ),
    );
    return batched(deliveries);
  }

  const { whole, withoutClient, actionAlone } = published(await segmentPackages(), events);
  const own = JSON.parse(product().toString()) as SentBody;
  for (const way of [whole, withoutClient, actionAlone]) assertSamePeople(own, await way());
  const rounds: Record<'product' | 'whole' | 'withoutClient' | 'actionAlone', number>[] = [];
  for (let round = 0; round < bench.scaled(11, 5); round += 1) {
    rounds.push({
      product: await microsPerEvent(10, product),
      whole: await microsPerEvent(1, whole),
      withoutClient: await microsPerEvent(2, withoutClient),
      actionAlone: await microsPerEvent(2, actionAlone),
    });
  }
  const micros = (way: 'product' | 'whole' | 'withoutClient' | 'actionAlone') =>
    median(rounds.map((round) => round[way]));
  const over = (way: 'whole' | 'withoutClient' | 'actionAlone') =>
    median(rounds.map((round) => round[way] / round.product));
  return {
    title: 'Beside the published Segment action',
    about:
      'From an event object to the body of the request, on the same orders with the same mapping, one core, by turns; `@segment/action-destinations` 3.497.0, Purchase of the Facebook Conversions API. Theirs as their runner calls it is `Destination.onEvent`: trigger, settings, mapping, validation, hashing, and their HTTP client up to the call of `fetch`, which is answered at once. The other two rows leave out what a host might do in another way: their HTTP client, and their runner. Ours has trigger, mapping, validation, normalization, hashing and the batch of 1,000. Both give the same hashes.',
    figures: [
      { name: 'product', value: micros('product'), unit: 'µs' },
      { name: 'Segment, as its runner calls it', value: micros('whole'), unit: 'µs', note: times(over('whole')) },
      {
        name: 'Segment, without its HTTP client',
        value: micros('withoutClient'),
        unit: 'µs',
        note: times(over('withoutClient')),
      },
      {
        name: 'Segment, the action alone (no trigger, no HTTP client)',
        value: micros('actionAlone'),
        unit: 'µs',
        note: times(over('actionAlone')),
      },
    ],
    targets: [
      {
        name: 'Events per second per core, over Segment as its runner calls it',
        value: over('whole'),
        unit: '×',
        atLeast: 8,
      },
    ],
    plots: [
      {
        file: 'segment',
        title: 'Events per second per core, from event to request body',
        kind: 'bars',
        x: {
          label: '',
          values: ['product', 'Segment, as its runner calls it', '… without HTTP client', '… the action alone'],
        },
        y: { label: 'events per second' },
        series: [
          {
            name: 'events',
            values: (['product', 'whole', 'withoutClient', 'actionAlone'] as const).map((way) => 1e6 / micros(way)),
          },
        ],
      },
    ],
  };
};

const times = (ratio: number) => `${ratio.toFixed(1)} × the product`;

/** Three ways to the bodies of all events by their code. */
function published(packages: SegmentPackages, events: readonly object[]) {
  let bodies: string[] = [];
  const whole = createSegmentRunner(packages, (body) => bodies.push(body));
  const cut = new packages.Destination(packages.conversions);
  const action = cut.actions['purchase'];
  if (action === undefined) throw new Error('the published package has no action called purchase');
  action.createRequestClient =
    () =>
    async (_url, { json }) => {
      bodies.push(JSON.stringify(json));
    };
  const each = (run: (event: object) => Promise<unknown>) => async () => {
    bodies = [];
    for (const event of events) await run(event);
    return bodies;
  };
  return {
    whole: each(whole),
    withoutClient: each((event) => cut.onEvent(event, { ...pixel, subscription: segmentSubscription })),
    actionAlone: each((data) => action.execute({ mapping: segmentSubscription.mapping, data, settings: pixel })),
  };
}

/** Processor time, of this process. */
async function microsPerEvent(repetitions: number, work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let done = 0; done < repetitions; done += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (repetitions * count);
}
