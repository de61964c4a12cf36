import { type AudienceCell, type AudienceKey, audienceKeys } from '../../core/audience.ts';

/**
 * What a person has of each column, ready to send, by the column's place in `audienceKeys`; undefined: nothing. A list has no
 * repetitions and is never empty. (A map of the columns would be most of what is made of an event.)
 */
export type ColumnValues = readonly (readonly AudienceCell[] | undefined)[];

export const noColumns: ColumnValues = audienceKeys.map(() => undefined);

const places = Object.fromEntries(audienceKeys.map((key, place) => [key, place])) as Readonly<
  Record<AudienceKey, number>
>;

export function placeOf(key: AudienceKey): number {
  return places[key];
}

export function valuesIn(columns: ColumnValues, key: AudienceKey): readonly AudienceCell[] | undefined {
  return columns[places[key]];
}

export function hasColumn(columns: ColumnValues, key: AudienceKey): boolean {
  return valuesIn(columns, key) !== undefined;
}

/** The columns with these in the place of theirs; undefined: without them. */
export function withValues(
  columns: ColumnValues,
  changed: Readonly<Partial<Record<AudienceKey, readonly AudienceCell[] | undefined>>>,
): ColumnValues {
  const copy = columns.slice();
  for (const [key, values] of Object.entries(changed)) copy[places[key as AudienceKey]] = values;
  return copy;
}
