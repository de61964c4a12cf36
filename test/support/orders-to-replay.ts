import { orderRecord } from './orders.ts';

/** Of those that Meta refuses. */
export const refusedCode = 'META_100_2804050';

export type OrderKind = 'good' | 'refused' | 'no value' | 'too old';

/** 500 of 2,000 end as letters: 200 that Meta refuses, 150 without a value, 150 that are too old. */
function kindOf(index: number): OrderKind {
  const place = index % 40;
  if (place < 4) return 'refused';
  if (place < 7) return 'no value';
  return place < 10 ? 'too old' : 'good';
}

export interface Order {
  readonly id: string;
  readonly kind: OrderKind;
  readonly value: Buffer;
}

export function ordersToReplay(run: string): readonly Order[] {
  const valid = JSON.parse(orderRecord(run, 1).value.toString());
  return Array.from({ length: 2000 }, (_, index): Order => {
    const kind = kindOf(index);
    const id = `${run}-${index}`;
    const event = {
      ...valid,
      messageId: id,
      ...(kind === 'no value' && { properties: { order_id: id } }),
      ...(kind === 'too old' && { timestamp: '2020-01-01T00:00:00Z' }),
    };
    return { id, kind, value: Buffer.from(JSON.stringify(event)) };
  });
}
