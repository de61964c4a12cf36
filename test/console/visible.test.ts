import { describe, expect, it } from 'vitest';
import { beginningOf, pieces } from '../../console/lib/visible.ts';

describe('text of strangers on a page', () => {
  it('is as it came where everything of it can be seen', () => {
    const text = 'Order Completed – 注文完了 – تم الطلب – <b>"x"</b>\n\ttab';
    expect(pieces(text)).toEqual([{ text, hidden: false }]);
  });

  it.each([
    ['a right-to-left override', '\u202e', 'U+202E'],
    ['an isolate', '\u2066', 'U+2066'],
    ['a zero-width space', '\u200b', 'U+200B'],
    ['a byte order mark', '\ufeff', 'U+FEFF'],
    ['an escape', '\u001b', 'U+001B'],
    ['a null', '\0', 'U+0000'],
    ['a line separator', '\u2028', 'U+2028'],
    ['half of a pair', '\ud83d', 'U+D83D'],
    ['a letter that is blank', '\u3164', 'U+3164'],
    ['a tag', '\u{e0041}', 'U+E0041'],
  ])('tells %s by its code point', (_what, character, told) => {
    expect(pieces(`a${character}b`)).toEqual([
      { text: 'a', hidden: false },
      { text: told, hidden: true },
      { text: 'b', hidden: false },
    ]);
  });
});

it('of a long text the beginning is shown, without half of a pair at its end', () => {
  expect(beginningOf('a😀b', 10)).toBe('a😀b');
  expect(beginningOf('a😀b', 2)).toBe('a');
  expect(beginningOf('a😀b', 3)).toBe('a😀');
});
