import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiFoundBy, hasLatinOrDigit, keptAscii } from '../../src/identity/ascii.ts';

const ascii = fc.string({ unit: 'binary-ascii', maxLength: 40 });
const any = fc.oneof(ascii, fc.string({ unit: 'binary' }));

describe('what is kept of ASCII text', () => {
  const expressions = [/[^a-z0-9]/i, /[^a-z]/i, /\D/, /[\s-]/, /[^a-z0-9]+/g];

  it.each(expressions)('is what replacing %s leaves', (expression) => {
    const dropped = asciiFoundBy(expression);
    const all = new RegExp(expression.source, `g${expression.flags.replace('g', '')}`);
    fc.assert(
      fc.property(ascii, (text) => {
        expect(keptAscii(text, dropped)).toBe(text.replace(all, ''));
      }),
    );
  });

  it('is unknown for every other text', () => {
    const dropped = asciiFoundBy(/\D/);
    fc.assert(
      fc.property(ascii, fc.integer({ min: 0x80, max: 0xffff }), ascii, (before, code, after) => {
        expect(keptAscii(before + String.fromCharCode(code) + after, dropped)).toBeUndefined();
      }),
    );
  });
});

it('finds a letter a to z or a digit wherever it stands', () => {
  fc.assert(
    fc.property(any, (text) => {
      expect(hasLatinOrDigit(text)).toBe(/[a-zA-Z0-9]/.test(text));
    }),
  );
});
