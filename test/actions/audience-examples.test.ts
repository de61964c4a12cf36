import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/event.ts';
import { defaultMapping } from '../../src/kit/default-mapping.ts';
import { loadActions } from '../../src/kit/load-actions.ts';
import { checkMapping } from '../../src/mapping/compile.ts';
import { compileTrigger } from '../../src/trigger/compile-trigger.ts';
import { runAction, withHashes } from './run-action.ts';

interface Example {
  readonly now: string;
  readonly event: AnalyticsEvent;
  readonly expected: { readonly target: unknown; readonly changes: readonly unknown[] };
  readonly rules: readonly string[];
}

const root = join(import.meta.dirname, '..', '..');
const actions = await loadActions(join(root, 'actions'));
const audiences = [...actions.values()].filter((action) => action.definition.audience === true);

test('every action that changes audiences is there', () => {
  expect(audiences.map(({ key }) => key).sort()).toEqual(['sync-audience', 'sync-audience-list']);
});

describe.each(audiences.map((action) => [action.key, action] as const))('%s', (key, action) => {
  const { definition } = action;
  const example = JSON.parse(readFileSync(join(root, 'test', 'examples', `${key}.json`), 'utf8')) as Example;
  const run = () => runAction(action, example.event, { now: Date.parse(example.now) });

  test('has a default trigger that matches its example', () => {
    expect(compileTrigger(definition.defaultTrigger ?? '')(example.event)).toBe(true);
    expect(compileTrigger(definition.defaultTrigger ?? '')({ ...example.event, type: 'group' })).toBe(false);
  });

  test('has a default mapping without a diagnostic that names declared fields only', () => {
    const mapping = defaultMapping(definition);
    expect(checkMapping(mapping)).toEqual([]);
    expect(Object.keys(definition.fields)).toEqual(expect.arrayContaining(Object.keys(mapping)));
  });

  test('makes the expected changes of its example, with the rules cited', () => {
    const { result, warnings } = run();
    const updates = result?.kind === 'audience' ? result.updates : [];
    const found = { target: updates[0]?.target, changes: updates.flatMap(({ changes }) => changes) };
    expect(found).toMatchObject(withHashes(example.expected) as object);
    expect(found.changes).toHaveLength(example.expected.changes.length);
    for (const [index, { rows }] of found.changes.entries()) {
      expect(rows).toEqual((withHashes(example.expected.changes[index]) as { rows: unknown }).rows);
    }
    expect(warnings).toEqual([]);
    expect(example.rules.length).toBeGreaterThan(0);
  });

  test('lets no e-mail and no phone of its example into what is sent', () => {
    const text = JSON.stringify(run().result).toLowerCase();
    expect(text).not.toContain('@');
    expect(text).not.toContain('46 70');
    expect(text).not.toContain('4670123');
  });
});
