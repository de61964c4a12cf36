import type { DeadLetterCursor, DeadLetterPlace } from '../../core/dead-letter-browser.ts';

/** The id of a dead letter: `PARTITION.OFFSET`. */
export function deadLetterId({ partition, offset }: DeadLetterPlace): string {
  return `${partition}.${offset}`;
}

export function placeOfId(id: string): DeadLetterPlace | undefined {
  const [, partition, offset] = /^(\d{1,9})\.(\d{1,16})$/.exec(id) ?? [];
  return offset === undefined ? undefined : { partition: Number(partition), offset: Number(offset) };
}

const mostPartitions = 10_000;

export function cursorText(cursor: DeadLetterCursor): string {
  return [...cursor].map(([partition, end]) => `${partition}.${end}`).join('_');
}

/** Undefined: it isn't one. */
export function cursorOfText(text: string): DeadLetterCursor | undefined {
  const places = text.split('_', mostPartitions).map(placeOfId);
  if (places.includes(undefined)) return undefined;
  return new Map(places.flatMap((place) => (place === undefined ? [] : [[place.partition, place.offset]])));
}
