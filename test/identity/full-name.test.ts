import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitName } from '../../src/identity/full-name.ts';

/** Segment, identify: `name`; its libraries take the first word and all others. */
describe('a full name', () => {
  it.each([
    ['Ann Lee', 'Ann', 'Lee'],
    [' Ann   Lee\n', 'Ann', 'Lee'],
    ['Ann\u00a0Lee', 'Ann', 'Lee'],
    ['Ludwig van Beethoven', 'Ludwig', 'van Beethoven'],
    ['Juan García Márquez', 'Juan', 'García Márquez'],
    ['Jean-Luc Picard', 'Jean-Luc', 'Picard'],
    ['Lee, Ann', 'Ann', 'Lee'],
    ['van der Berg, Jan Willem', 'Jan Willem', 'van der Berg'],
    ['Dr. Ann Lee', 'Ann', 'Lee'],
    ['Prof. Dr. Ann Lee', 'Ann', 'Lee'],
    ['Herr Max Müller', 'Max', 'Müller'],
    ['Señora Ana Ruiz', 'Ana', 'Ruiz'],
    ['John Smith Jr.', 'John', 'Smith'],
    ['John Smith, Jr.', 'John', 'Smith'],
    ['Smith, John, Jr.', 'John', 'Smith'],
    ['John Smith III', 'John', 'Smith'],
    ['Анна Иванова', 'Анна', 'Иванова'],
    ['山田 太郎', '太郎', '山田'],
    ['김 민수', '민수', '김'],
    ['Ann', 'Ann', undefined],
    ['Mrs. Lee', undefined, 'Lee'],
    ['Null Island', 'Null', 'Island'],
  ])('%j is split', (name, first, last) => {
    expect(splitName(name)).toEqual({ ...(first !== undefined && { first }), ...(last !== undefined && { last }) });
  });

  it.each(['', '  ', '-', 'n/a', 'ann@example.com', 'ann_lee92', 'user 7', '山田太郎', 'Mr.', ',', 'Lee,', 'a, b, c'])(
    '%j is none',
    (name) => {
      expect(splitName(name)).toBeUndefined();
    },
  );

  it('of ten million letters is none', () => {
    expect(splitName('a b '.repeat(2_500_000))).toBeUndefined();
  });

  it('never throws, and never has an empty part', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
        const { first = 'x', last = 'x' } = splitName(text) ?? {};
        expect(first.trim()).not.toBe('');
        expect(last.trim()).not.toBe('');
      }),
    );
  });
});
