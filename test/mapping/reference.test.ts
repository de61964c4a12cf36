import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileMapping } from '../../src/mapping/compile.ts';
import { directives } from '../../src/mapping/directives.ts';
import { asJson } from './fixtures.ts';

const page = readFileSync(new URL('../../docs/reference/mappings.md', import.meta.url), 'utf8');

interface Example {
  readonly mapping: unknown;
  readonly event: unknown;
  readonly result?: unknown;
}

const sections = page.split(/^## /m).slice(1);

const examples = page
  .split('```json\n')
  .slice(1)
  .map((rest): readonly [title: string, Example] => {
    const example: Example = JSON.parse(rest.split('```')[0] ?? '');
    return [JSON.stringify(example.mapping).slice(0, 60), example];
  });

describe('the examples of the reference page', () => {
  test.each(examples)('%s', (_title, { mapping, event, result }) => {
    expect(asJson(compileMapping(mapping)(event))).toStrictEqual(result);
  });
});

test.each(directives.map(({ name }) => name))('%s has a section with an example', (name) => {
  const section = sections.find((each) => each.startsWith(`${name}\n`));
  expect(section).toContain('```json');
  expect(section).toContain(`"${name}"`);
});

test('the page names no directive that does not exist', () => {
  const known = directives.map(({ name }) => name);
  const named = sections.map((each) => each.split('\n')[0] ?? '').filter((title) => title.startsWith('@'));
  expect(named.toSorted()).toStrictEqual(known.toSorted());
});
