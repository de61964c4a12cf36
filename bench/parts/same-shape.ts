import { deepStrictEqual } from 'node:assert';
import { decode } from '../../src/pipeline/route/decode.ts';
import type { Prepared } from '../../src/pipeline/route/prepare.ts';
import { conversionOf, memberColumns, rowOf, tapOf } from '../floor.ts';
import { audience, type Destination, purchases, taps } from '../harness/product.ts';
import { member, order, preciseNow, tap } from '../shop.ts';
import { bodyOf, loaded, preparedBy, present, recordOf } from './in-process.ts';

/**
 * The floor sends what the product sends: the same members with the same values, but for the hashes, since the floor
 * hashes values as they are. Otherwise the two could not be compared.
 */
export async function assertSameShape(): Promise<void> {
  const conversion = await preparedFrom(purchases, order(stamp));
  deepStrictEqual(
    withoutHashes(bodyOf(conversion)),
    withoutHashes(JSON.stringify(conversionOf(order(stamp) as never))),
  );
  const small = await preparedFrom(taps, tap(stamp));
  deepStrictEqual(withoutHashes(bodyOf(small)), withoutHashes(JSON.stringify(tapOf(tap(stamp) as never))));
  const change = await preparedFrom(audience, member(stamp));
  const sent = change.kind === 'audience' ? change.updates[0]?.changes[0]?.rows[0] : undefined;
  const row = Object.fromEntries(rowOf(member(stamp) as never).map((cell, index) => [memberColumns[index], cell]));
  deepStrictEqual(withoutHashes(JSON.stringify(sent)), withoutHashes(JSON.stringify(row)));
}

const stamp = { number: 7, at: preciseNow() };

async function preparedFrom(destination: Destination, event: object): Promise<Prepared> {
  const value = Buffer.from(JSON.stringify(event));
  const decoded = present(decode(value, { envelope: [], maxRecordBytes: value.length }));
  return preparedBy(await loaded(destination), decoded, recordOf(value, 0), Date.now());
}

function withoutHashes(body: string): unknown {
  return JSON.parse(body, (_key, value: unknown) =>
    typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? 'sha256' : value,
  );
}
