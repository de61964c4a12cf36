import { deepStrictEqual } from 'node:assert';
import { decode } from '../../src/pipeline/route/decode.ts';
import { purchases } from '../harness/product.ts';
import { bodyOf, loaded, preparedBy, present, recordOf } from '../parts/in-process.ts';
import { segmentPackages } from '../parity/segment-packages.ts';
import { order, preciseNow } from '../shop.ts';
import { benthosBodies } from './programs.ts';
import { assertSamePeople, type SentBody } from './segment-mapping.ts';
import { createSegmentRunner } from './segment-runner.ts';

const count = 1000;

/**
 * What is measured does the same work: the stream of Benthos sends what the product sends, value for value, and Segment's
 * action the same ten identifiers. Otherwise they could not be compared.
 */
export async function assertSameBodies(benthos: string): Promise<void> {
  const now = preciseNow();
  const events = Array.from({ length: count }, (_, number) => JSON.stringify(order({ number, at: now })));
  const destination = await loaded(purchases);
  const own = events.map((text, index) => {
    const value = Buffer.from(text);
    const event = present(decode(value, { envelope: [], maxRecordBytes: value.length }));
    return bodyOf(preparedBy(destination, event, recordOf(value, index), now));
  });
  deepStrictEqual(byId(await benthosBodies(benthos, events)), byId(own));

  const bodies: string[] = [];
  const run = createSegmentRunner(await segmentPackages(), (body) => bodies.push(body));
  for (const text of events) await run(JSON.parse(text) as object);
  assertSamePeople(JSON.parse(`{"data":[${own.join(',')}]}`) as SentBody, bodies);
}

function byId(bodies: readonly string[]): ReadonlyMap<string, unknown> {
  return new Map(
    bodies.map((text) => {
      const body = JSON.parse(text) as { readonly event_id: string };
      return [body.event_id, body];
    }),
  );
}
