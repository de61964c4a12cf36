import { readdirSync, readFileSync } from 'node:fs';

/** A mapping, an event, and what the mapping resolves to; without `result`, to nothing. */
export interface ValidCase {
  readonly title: string;
  readonly mapping: unknown;
  /** The name of a file beside the folders, or the event itself. */
  readonly event: unknown;
  readonly result?: unknown;
}

/** A mapping and every error that it has. */
export interface InvalidCase {
  readonly title: string;
  readonly mapping: unknown;
  readonly problems: readonly { readonly code: string; readonly path: readonly (string | number)[] }[];
}

const folder = new URL('../fixtures/mapping/', import.meta.url);

function readJson(url: URL): unknown {
  return JSON.parse(readFileSync(url, 'utf8'));
}

function readCases(kind: string): readonly (readonly [file: string, cases: unknown])[] {
  const files = readdirSync(new URL(kind, folder)).toSorted();
  return files.map((file) => [file.replace('.json', ''), readJson(new URL(`${kind}/${file}`, folder))]);
}

export const validCases = readCases('valid') as readonly (readonly [string, readonly ValidCase[]])[];

export const invalidCases = readCases('invalid') as readonly (readonly [string, readonly InvalidCase[]])[];

export function eventOf({ event }: ValidCase): unknown {
  return typeof event === 'string' ? readJson(new URL(`${event}.json`, folder)) : event;
}

/** The value as JSON has it. */
export function asJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
