import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { codeWords } from '../../src/api/dead-letters/code-words.ts';
import { wordsOf } from '../../src/api/dead-letters/words.ts';
import type { DeadLetter } from '../../src/core/dead-letter.ts';

const page = readFileSync('docs/reference/codes.md', 'utf8');

it('the words for codes are those of the page of codes, without marks', () => {
  const onPage = [...page.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, code]) => code);
  expect([...codeWords.keys()]).toEqual([...new Set(onPage)]);
  expect(codeWords.get('INVALID_UTF8')).toEqual(["The record's bytes are not UTF-8.", 'Write UTF-8.']);
  expect([...codeWords.values()].flat().filter((text) => /[`]|\]\(/.test(text))).toEqual([]);
});

it.each([
  ['PURCHASE_VALUE_MISSING', 'A Purchase needs a value.', "Map value to the order's total."],
  ['META_190_463', 'Meta refused it: ', undefined],
  ['NOBODY_KNOWS', 'no idea', 'Look at the event and the mapping'],
])('a dead letter with the code %s says why and what to do', (code, title, todo) => {
  const message = code === 'NOBODY_KNOWS' ? 'no idea' : 'A Purchase needs a value.';
  const words = wordsOf({ failure: { code, message } } as DeadLetter);
  expect(words.title).toContain(title);
  expect(words.todo).toContain(todo ?? '');
  expect(words.todo.length).toBeGreaterThan(10);
});
