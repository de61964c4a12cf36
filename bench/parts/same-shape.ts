import { deepStrictEqual } from 'node:assert';
import { loadDestination } from '../../src/load-destination.ts';
import { decode } from '../../src/pipeline/decode.ts';
import { prepare } from '../../src/pipeline/prepare.ts';
import { conversionOf } from '../floor.ts';
import { mappingsOf, productEnvironment, purchases } from '../harness/product.ts';
import { order, preciseNow } from '../shop.ts';
import { present, recordOf } from './stage-inputs.ts';

/**
 * The floor sends what the product sends: the same members with the same values, but for the hashes, since the floor
 * hashes values as they are. Otherwise the two could not be compared.
 */
export async function assertSameShape(): Promise<void> {
  const value = Buffer.from(JSON.stringify(order({ number: 7, at: preciseNow() })));
  const destination = await loadDestination(mappingsOf(purchases), { environment: productEnvironment('') });
  const event = present(decode(value, { envelope: [], maxRecordBytes: value.length }));
  const [subscription] = destination.candidates(event);
  if (subscription === undefined) throw new Error('no subscription takes the order');
  const prepared = prepare(destination, subscription, event, recordOf(value, 0), Date.now());
  if (prepared.kind !== 'ready') throw new Error('the order did not become a delivery');
  deepStrictEqual(withoutHashes(prepared.body), withoutHashes(JSON.stringify(conversionOf(event as never))));
}

function withoutHashes(body: string): unknown {
  return JSON.parse(body, (_key, value: unknown) =>
    typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? 'sha256' : value,
  );
}
