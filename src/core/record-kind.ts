/**
 * What the records of a topic are: calls of the Segment spec, changes of rows as Debezium writes them, rows, calls as
 * RudderStack writes them, or CloudEvents.
 */
export const recordKinds = ['events', 'debezium', 'rows', 'rudderstack', 'cloudevents'] as const;

export type RecordKind = (typeof recordKinds)[number];

/** A record without a value says of these that the row of its key is gone. */
export function isOfRows(kind: RecordKind | undefined): boolean {
  return kind === 'rows' || kind === 'debezium';
}
