import { expect, it } from 'vitest';
import { visible } from '../../src/core/visible.ts';

it('shows what a terminal would obey', () => {
  expect(visible('a\u001b[2Jb\u0007\u009b31m\r\u007f')).toBe('a\\u001b[2Jb\\u0007\\u009b31m\\u000d\\u007f');
  expect(visible('to \u202egpj.exe\u2066 \u200f\u061c')).toBe('to \\u202egpj.exe\\u2066 \\u200f\\u061c');
});

it('leaves text of every script as it is, with its lines and tabs', () => {
  const text = 'Ärger\t東京\nفارسی\u200cها 👩\u200d👧 \\u001b';
  expect(visible(text)).toBe(text);
});

it('keeps JSON the same value', () => {
  const value = { name: '\u202eevil\u009b\u007f\u001b\u2028' };
  expect(JSON.parse(visible(JSON.stringify(value, null, 2)))).toEqual(value);
  for (const character of value.name.replace('evil', ''))
    expect(visible(JSON.stringify(value))).not.toContain(character);
});
