import { readFileSync } from 'node:fs';

/** Cases of the form "this trigger, on that event, comes out so". */
export interface TriggerFixture {
  readonly about: string;
  readonly events: Readonly<Record<string, unknown>>;
  readonly cases: readonly { readonly trigger: string; readonly event: string; readonly expected: boolean | 'error' }[];
}

export function readFixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../fixtures/triggers/${name}.json`, import.meta.url), 'utf8'));
}
