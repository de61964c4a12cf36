/** What is counted of events, for the whole process, a destination or a subscription. */
export const flowNames = ['matched', 'delivered', 'skipped', 'setAside'] as const;

export type FlowName = (typeof flowNames)[number];

export type Flow = Readonly<Record<FlowName, number>>;

export type FlowCounts = Record<FlowName, number>;

export function newFlow(): FlowCounts {
  return { matched: 0, delivered: 0, skipped: 0, setAside: 0 };
}
