/** What is counted of events, for the whole process, a destination or a subscription. */
export const countNames = ['matched', 'sent', 'delivered', 'skipped', 'setAside'] as const;

export type CountName = (typeof countNames)[number];

export type Counts = Readonly<Record<CountName, number>>;

export type GrowingCounts = Record<CountName, number>;

export function newCounts(): GrowingCounts {
  return { matched: 0, sent: 0, delivered: 0, skipped: 0, setAside: 0 };
}
