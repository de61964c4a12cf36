import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { ActionContext, ActionResult } from '../../src/core/action.ts';
import type { AnalyticsEvent } from '../../src/core/event.ts';
import { loadActions } from '../../src/kit/load-actions.ts';
import { compileMapping } from '../../src/mapping/compile.ts';
import { compileTrigger } from '../../src/trigger/compile-trigger.ts';
import { loadSubscriptions } from './load-text.ts';

const page = readFileSync(new URL('../../docs/from-segment.md', import.meta.url), 'utf8');
const actions = await loadActions(fileURLToPath(new URL('../../actions', import.meta.url)));

/** The JSON of the fenced blocks of one kind. */
function blocks<T>(kind: string): readonly T[] {
  const found = [...page.matchAll(/^```json (\w+)\n([\s\S]*?)^```$/gm)].filter(([, info]) => info === kind);
  return found.map(([, , body = '']) => JSON.parse(body));
}

/** The cells of the rows of the table with this header. */
function rows(header: string): readonly (readonly string[])[] {
  const [, after = ''] = page.split(`${header}\n`);
  const table = (after.split('\n\n')[0] ?? '').trim().split('\n').slice(1);
  return table.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

interface Example {
  readonly mapping: unknown;
  readonly event: unknown;
  readonly result: unknown;
}

describe('the page for those who come from Segment', () => {
  test('shows a subscription that is valid', () => {
    for (const subscription of blocks<object>('subscription'))
      expect(loadSubscriptions(subscription).problems).toEqual([]);
    expect(blocks('subscription')).toHaveLength(1);
  });

  test.each(rows('| trigger | result |'))('is right that %s is %s', (trigger, result) => {
    expect(String(compileTrigger(trigger ?? '')(blocks('event')[0]))).toBe(result);
  });

  test.each(blocks<Example>('mapping').map((example) => [JSON.stringify(example.mapping), example] as const))(
    'is right about %s',
    (_title, { mapping, event, result }) => {
      expect(compileMapping(mapping)(event)).toEqual(result);
    },
  );

  test.each(blocks<object>('invalid').map((mapping) => [JSON.stringify(mapping), mapping] as const))(
    'is right that %s is an error',
    (_title, mapping) => {
      expect(loadSubscriptions({ name: 'Orders', action: 'purchase', mapping }).destination).toBeUndefined();
    },
  );

  test.each(rows('| Segment | here | default trigger |'))('names the action %s: %s', (title, key = '', trigger) => {
    const definition = actions.get(key)?.definition;
    expect([definition?.title, definition?.defaultTrigger ?? 'none']).toEqual([title, trigger]);
  });

  test('names fields that there are', () => {
    const fields = actions.get('purchase')?.definition.fields ?? {};
    const named = rows('| Segment | here |').map(([, here = '']) => here);
    expect(named.length).toBeGreaterThan(15);
    for (const name of named.filter((text) => !text.includes(' '))) expect(Object.keys(fields)).toContain(name);
  });

  test('names of its table are what validate proposes the fields for', () => {
    for (const [name = '', here] of rows('| Segment | here |').filter(([first = '']) =>
      first.startsWith('user_data.'),
    )) {
      const field = name.replace('user_data.', '');
      if (field === here) continue;
      const { problems } = loadSubscriptions({ name: 'Orders', action: 'purchase', mapping: { [field]: 'x' } });
      expect(problems[0]?.fix, name).toBe(`did you mean "${here}"?`);
    }
  });

  test('is right about what differs in what the actions do', () => {
    const purchase = actions.get('purchase');
    if (purchase === undefined) expect.fail('no action');
    const { destination } = loadSubscriptions({ name: 'Orders', action: 'purchase' });
    const [subscription] = destination?.subscriptions ?? [];
    if (destination === undefined || subscription === undefined) expect.fail('no destination');
    const event: AnalyticsEvent = {
      type: 'track',
      timestamp: '2026-01-05T10:00:00Z',
      properties: { email: 'ann@example.com', total: 30, revenue: 25, currency: 'EUR' },
      context: { page: { url: 'https://shop.example' } },
    };
    const warned: string[] = [];
    const context: ActionContext = {
      event,
      record: {
        topic: 't',
        partition: 0,
        offset: 0,
        next: 1,
        timestamp: 0,
        key: null,
        value: null,
        headers: undefined,
      },
      settings: destination.settings,
      inTheClear: new Set(),
      now: Date.parse('2026-01-05T11:00:00Z'),
      warn: ({ code }) => warned.push(code),
    };
    const run = (overrides: Partial<ActionContext['settings']>): ActionResult =>
      purchase.toPayload(purchase.parse(subscription.resolve(event)).fields, {
        ...context,
        settings: { ...context.settings, ...overrides },
      });
    expect(run({})).toMatchObject({
      kind: 'conversion',
      event: {
        action_source: 'website',
        custom_data: { value: 30 },
        user_data: { em: [expect.stringMatching(/^\w{64}$/)] },
      },
    });
    expect(warned).toContain('USER_AGENT_MISSING');
    expect(run({ requirements: 'enforce' })).toMatchObject({ kind: 'rejected' });
  });
});
