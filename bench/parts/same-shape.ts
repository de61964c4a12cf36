import { deepStrictEqual } from 'node:assert';
import { decode } from '../../src/pipeline/decode.ts';
import { conversionOf } from '../floor.ts';
import { purchases } from '../harness/product.ts';
import { order, preciseNow } from '../shop.ts';
import { loaded, preparedBy, present, recordOf } from './in-process.ts';

/**
 * The floor sends what the product sends: the same members with the same values, but for the hashes, since the floor
 * hashes values as they are. Otherwise the two could not be compared.
 */
export async function assertSameShape(): Promise<void> {
  const value = Buffer.from(JSON.stringify(order({ number: 7, at: preciseNow() })));
  const destination = await loaded(purchases);
  const event = present(decode(value, { envelope: [], maxRecordBytes: value.length }));
  const body = preparedBy(destination, event, recordOf(value, 0), Date.now());
  deepStrictEqual(withoutHashes(body), withoutHashes(JSON.stringify(conversionOf(event as never))));
}

function withoutHashes(body: string): unknown {
  return JSON.parse(body, (_key, value: unknown) =>
    typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? 'sha256' : value,
  );
}
