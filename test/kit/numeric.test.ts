import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberOfText } from '../../src/kit/numeric.ts';

test.each([
  ['0', 0],
  ['-0.5', -0.5],
  ['+7', 7],
  ['129.50', 129.5],
  ['5.', 5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['1E-2', 0.01],
])('%j is a number', (text, number) => {
  expect(numberOfText(text)).toBe(number);
});

test.each([
  '',
  ' ',
  ' 1',
  '1 ',
  '1,299.00',
  '$12',
  '0x10',
  '1_000',
  '1e999',
  '1e',
  'e1',
  '1e+',
  '.',
  '-',
  '+-1',
  '1.2.3',
  'NaN',
  'Infinity',
  '١٢',
])('%j is none', (text) => {
  expect(numberOfText(text)).toBeUndefined();
});

test('every finite number is read from its own text', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(finite, (number) => {
      expect(numberOfText(String(number))).toBe(number === 0 ? 0 : number);
    }),
  );
});

test('what is read is what the language reads', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.eE+- x,_') }), (text) => {
      const number = numberOfText(text);
      if (number !== undefined) expect(number).toBe(Number(text));
    }),
  );
});
