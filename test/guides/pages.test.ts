import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { guidePages } from '../../scripts/generate-guides.ts';
import { destinationExamples, settingExamples, subscriptionExamples } from '../../scripts/setting-examples.ts';
import { loadDestination } from '../../src/config/destination.ts';
import { destinationSchema } from '../../src/config/destination-schema.ts';
import { loadActions } from '../../src/kit/load-actions.ts';

const actions = await loadActions(fileURLToPath(new URL('../../actions', import.meta.url)));
const guide = (name: string) => readFileSync(new URL(`../../docs/guides/${name}`, import.meta.url), 'utf8');

function blocks(page: string, kind: string): readonly object[] {
  return [...page.matchAll(/^```json (\w+)[^\n]*\n([\s\S]*?)^```$/gm)]
    .filter(([, info]) => info === kind)
    .map(([, , body = '']) => JSON.parse(body));
}

/** What is wrong with a destination file that has these members beside what each must have. */
function problemsOf(destination: object, settings: object, subscription: object): readonly string[] {
  const file = {
    name: 'shop',
    ...destination,
    settings: { pixel_id: '1', access_token: { $env: 'TOKEN' }, ...settings },
    subscriptions: [{ name: 'Orders', action: 'purchase', ...subscription }],
  };
  const loaded = loadDestination('shop.json', JSON.stringify(file), { actions, environment: {} });
  return loaded.problems.filter(({ severity }) => severity === 'error').map(({ message }) => message);
}

describe('the guides', () => {
  test.each([...guidePages()])('%s is what the schemas say: run `npm run generate` otherwise', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('every setting of a destination has an example, and no other', () => {
    const { settings, subscriptions, $schema: _, ...destination } = destinationSchema.properties;
    expect(Object.keys(destinationExamples)).toEqual(Object.keys(destination));
    expect(Object.keys(settingExamples)).toEqual(Object.keys(settings.properties));
    expect(Object.keys(subscriptionExamples)).toEqual(Object.keys(subscriptions.items.properties));
  });

  test.each(Object.entries(destinationExamples))('the example of %s is valid', (name, { example }) => {
    expect(problemsOf({ [name]: example }, {}, {})).toEqual([]);
  });

  test.each(Object.entries(settingExamples))('the example of settings.%s is valid', (name, { example }) => {
    expect(problemsOf({}, { [name]: example }, {})).toEqual([]);
  });

  test.each(Object.entries(subscriptionExamples))('the example of subscriptions.%s is valid', (name, { example }) => {
    expect(problemsOf({}, {}, { [name]: example })).toEqual([]);
  });

  test('the settings of "Set up Meta" are valid', () => {
    const settings = blocks(guide('set-up-meta.md'), 'settings');
    expect(settings).toHaveLength(3);
    for (const each of settings) expect(problemsOf({}, each, {})).toEqual([]);
  });
});
