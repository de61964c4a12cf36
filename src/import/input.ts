import type { JsonObject } from '../core/json.ts';

/** From the root of a file to a value in it. */
export type Keys = readonly (string | number)[];

/** A place in a file, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A value that this program doesn't work out: an expression, a variable, a function. */
export interface Unread {
  readonly path: Keys;
  readonly place: Place;
  /** What it is, without quoting it: it may hold a secret. */
  readonly what: string;
  /** Of a reference to something else in the files: `segment_destination.shop.id`. */
  readonly reference?: string;
}

/** An exported file as JSON. What could not be read is missing in `value`, and listed. */
export interface InputDocument {
  readonly file: string;
  readonly value: JsonObject;
  readonly unread: readonly Unread[];
  /** Where a value stands, if the format tells. */
  placeOf(path: Keys): Place | undefined;
}

/** `subscriptions[0].settings."@path"`, as the report writes it. */
export function pathText(path: Keys): string {
  const text = path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`;
      return /^[A-Za-z_@][\w@-]*$/.test(key) ? `.${key}` : `.${JSON.stringify(key)}`;
    })
    .join('');
  return text.startsWith('.') ? text.slice(1) : text === '' ? '(the file)' : text;
}

/** Whether one is the other or lies within it. */
export function isWithin(path: Keys, outer: Keys): boolean {
  return outer.length <= path.length && outer.every((key, at) => key === path[at]);
}
