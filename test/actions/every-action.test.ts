import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/event.ts';
import type { FieldDefinitions } from '../../src/core/field.ts';
import { defaultMapping } from '../../src/kit/default-mapping.ts';
import { loadActions } from '../../src/kit/load-actions.ts';
import { checkMapping } from '../../src/mapping/compile.ts';
import { compileTrigger } from '../../src/trigger/compile-trigger.ts';
import { parseTrigger } from '../../src/trigger/parse.ts';
import { runAction, withHashes } from './run-action.ts';
import { sandboxRefusal } from './sandbox-refusal.ts';

interface Example {
  readonly now: string;
  readonly event: AnalyticsEvent;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly rules: readonly string[];
}

const root = join(import.meta.dirname, '..', '..');
const actions = await loadActions(join(root, 'actions'));
/** Actions that make conversions; others have tests of their own. */
const conversions = [...actions.values()].filter((action) => 'event_time' in action.definition.fields);
const withoutTrigger = ['custom-event', 'lead', 'subscribe'];

describe.each(conversions.map((action) => [action.key, action] as const))('%s', (key, action) => {
  const { definition } = action;
  const file = join(root, 'test', 'examples', `${key}.json`);

  test('has an example', () => {
    expect(existsSync(file)).toBe(true);
  });

  const example = JSON.parse(readFileSync(file, 'utf8')) as Example;

  test('has a default trigger that parses and matches the example, or is one of those without', () => {
    if (withoutTrigger.includes(key)) {
      expect(definition.defaultTrigger).toBeUndefined();
      return;
    }
    const trigger = definition.defaultTrigger ?? '';
    expect(parseTrigger(trigger)).toHaveProperty('tree');
    expect(compileTrigger(trigger)(example.event)).toBe(true);
    expect(compileTrigger(trigger)({ ...example.event, type: 'group' })).toBe(false);
  });

  test('has a default mapping without a diagnostic that names declared fields only', () => {
    const mapping = defaultMapping(definition);
    expect(checkMapping(mapping)).toEqual([]);
    expect(Object.keys(definition.fields)).toEqual(expect.arrayContaining(Object.keys(mapping)));
  });

  test('makes the expected body of its example, with the rules cited', () => {
    const { body, failure, warnings } = runAction(action, example.event, { now: Date.parse(example.now) });
    expect(failure).toBeUndefined();
    expect(body).toEqual(withHashes(example.expected));
    expect(warnings).toEqual([]);
    expect(example.rules.length).toBeGreaterThan(0);
  });

  test('makes a body of its example that the sandbox accepts in its strictest form', () => {
    const { body } = runAction(action, example.event, { now: Date.parse(example.now) });
    expect(sandboxRefusal(body, Date.parse(example.now))).toBeUndefined();
  });

  test('lets no identifier of its example into the body', () => {
    const { body } = runAction(action, example.event, { now: Date.parse(example.now) });
    const text = JSON.stringify(body).toLowerCase();
    for (const raw of identifiersOf(example.event)) expect(text).not.toContain(raw.trim().toLowerCase());
  });

  test('documents every field', () => {
    for (const [place, field] of everyField(definition.fields)) {
      expect(field.label, place).toMatch(/\S/);
      expect(field.description, place).toMatch(/\.$/);
    }
    expect(definition.title).toMatch(/\S/);
    expect(definition.description).toMatch(/\.$/);
  });
});

test('every conversion of the documentation is there', () => {
  expect(conversions.map((action) => action.key)).toEqual(
    expect.arrayContaining([
      'add-payment-info',
      'add-to-cart',
      'add-to-wishlist',
      'complete-registration',
      'custom-event',
      'initiate-checkout',
      'lead',
      'page-view',
      'purchase',
      'search',
      'start-trial',
      'subscribe',
      'view-content',
    ]),
  );
});

function identifiersOf(event: AnalyticsEvent): readonly string[] {
  const traits = (event['context'] as { traits?: Record<string, unknown> }).traits ?? {};
  const address = (traits['address'] ?? {}) as Record<string, unknown>;
  const long = [...Object.values(traits), ...Object.values(address), event['userId'], event['anonymousId']];
  // What is as short as a country's code may be in any text.
  return long.filter((value): value is string => typeof value === 'string' && value.length > 3);
}

function* everyField(fields: FieldDefinitions, prefix = ''): Generator<readonly [string, FieldDefinitions[string]]> {
  for (const [key, field] of Object.entries(fields)) {
    yield [prefix + key, field];
    if (field.properties !== undefined) yield* everyField(field.properties, `${prefix}${key}.`);
  }
}
