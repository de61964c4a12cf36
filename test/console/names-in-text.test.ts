import { expect, it } from 'vitest';
import { namesIn } from '../../console/lib/names-in-text.ts';

it('names between backticks are pieces of their own', () => {
  expect(namesIn('Set `app_secret`, or run `meta-actions doctor`.')).toEqual([
    { text: 'Set ', isName: false },
    { text: 'app_secret', isName: true },
    { text: ', or run ', isName: false },
    { text: 'meta-actions doctor', isName: true },
    { text: '.', isName: false },
  ]);
});

it.each(['It`s one', 'of two ``', 'a ` in a line\nand ` in the next', ''])('others stay as they are: %j', (text) => {
  expect(
    namesIn(text)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
  expect(namesIn(text).some(({ isName }) => isName)).toBe(false);
});
