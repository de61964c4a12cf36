import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/event.ts';
import { loadActions } from '../../src/kit/load-actions.ts';
import { noon, type Ran, type Run, runAction } from './run-action.ts';
import { sandboxRefusal } from './sandbox-refusal.ts';

/**
 * Events as they really come. Each row changes a good order (its properties, its traits or the whole of it) and says
 * what is sent at a place of the body, or the code and the field with which the event is refused.
 */
export const actions = await loadActions(join(import.meta.dirname, '..', '..', 'actions'));

export type Members = Readonly<Record<string, unknown>>;

const goodProperties: Members = { order_id: 'o-1', total: 20, currency: 'EUR' };
const goodTraits: Members = { email: 'maja@example.com' };
export const goodContext: Members = {
  ip: '198.51.100.23',
  userAgent: 'ExampleBrowser/1.0',
  page: { url: 'https://shop.example.com/thanks' },
};

export interface Changes extends Run {
  readonly properties?: Members;
  readonly traits?: Members;
  readonly context?: Members;
  readonly event?: Members;
  readonly action?: string;
}

export function ran(changes: Changes): Ran {
  const action = actions.get(changes.action ?? 'purchase');
  if (action === undefined) throw new Error('no such action');
  const event = {
    type: 'track',
    event: 'Order Completed',
    messageId: 'm-1',
    timestamp: '2026-11-20T11:00:00Z',
    context: { ...goodContext, traits: { ...goodTraits, ...changes.traits }, ...changes.context },
    properties: { ...goodProperties, ...changes.properties },
    ...changes.event,
  } as AnalyticsEvent;
  return runAction(action, event, changes);
}

function at(body: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Members | undefined)?.[key], body);
}

/** Why the sandbox would refuse the body, and with it all the others of a request. */
function refusal(body: unknown, { mapping }: Changes): unknown {
  const extra = (mapping?.['extra'] as Members | undefined)?.['new_thing'];
  // The sandbox doesn't know what Meta adds tomorrow.
  if (extra !== undefined) return undefined;
  return sandboxRefusal(body, noon);
}

/** The place in the body and its value, or the failure. */
export type Expected =
  | readonly [place: string, value: unknown]
  | { readonly code: string; readonly field: string }
  | { readonly absent: string; readonly warned: string };
type Row = readonly [title: string, changes: Changes, expected: Expected];

export function rows(table: readonly Row[]): void {
  test.each(table)('%s', (_, changes, expected) => {
    const { body, failure, warnings } = ran(changes);
    if ('absent' in expected) {
      expect(failure).toBeUndefined();
      expect(at(body, expected.absent)).toBeUndefined();
      expect(warnings.map(({ field }) => field)).toContain(expected.warned);
      expect(refusal(body, changes)).toBeUndefined();
    } else if ('code' in expected) {
      expect(failure).toMatchObject(expected);
      expect(failure?.message).toMatch(/\.$/);
      expect(failure?.fix).toMatch(/\.$/);
    } else {
      expect(failure).toBeUndefined();
      expect(at(body, expected[0])).toEqual(expected[1]);
      expect(refusal(body, changes)).toBeUndefined();
    }
  });
}

/** The failure of a value that isn't of the type of a field that an event can't do without. */
export const invalid = (field: string) => ({ code: 'FIELD_INVALID', field });

/** A value that can't be used is left out, with a warning that names the field. */
export const leftOut = (place: string, warned = place.split('.').at(-1) ?? ''): Expected => ({ absent: place, warned });

/** What is expected of the value. */
export const value = (sent: unknown): Expected => ['custom_data.value', sent];
