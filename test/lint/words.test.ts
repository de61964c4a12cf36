import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findingsOf, productFolders, retiredWords } from '../../scripts/words.ts';

const found = (path: string, text: string) => findingsOf(path, text).map(({ name, word }) => `${name}: ${word}`);

describe('the words of the glossary', () => {
  test('are used by every file, export and variable of the product', () => {
    expect(retiredWords(resolve(import.meta.dirname, '../..'), productFolders)).toEqual([]);
  });

  test('are missed in the name of a file, of an export, of a member and of a variable', () => {
    expect(found('src/pipeline/hold/valve.ts', '')).toEqual(['valve: valve']);
    expect(found('src/core/a.ts', 'export function turnAwayAll() {}')).toEqual(['turnAwayAll: turnAway']);
    expect(found('src/core/a.ts', 'interface A { readonly maxHops: number }')).toEqual(['maxHops: hops']);
    expect(found('src/core/a.ts', 'for (const one of all) use(one);')).toEqual(['one: one']);
  });

  test('are not looked for in comments, texts, templates and regular expressions', () => {
    const text = "// a valve\n/* the\n door */ const a = 'lot' + \"fuse\" + `tally` + b.replace(/custody'/, '');\n";
    expect(found('src/core/a.ts', text)).toEqual([]);
    expect(found('src/core/a.ts', `${text}const lot = 1;`)).toEqual(['lot: lot']);
  });

  test('are told from the usual meaning of a word', () => {
    const text = 'deadLetter(offsetTracker, lookUp, laneHalts, numberOne, allotment, outlook);';
    expect(found('src/core/a.ts', text)).toEqual([]);
    expect(found('src/identity/a.ts', 'const letters = 1;')).toEqual([]);
    expect(found('src/mapping/a.ts', 'const place = 1;')).toEqual([]);
    expect(found('src/config/settings.ts', 'const fuse = 1;')).toEqual([]);
  });

  test('say in which line', () => {
    expect(findingsOf('src/core/a.ts', '/*\n*/\n\nconst lot = 1;')).toEqual([
      { path: 'src/core/a.ts', line: 4, name: 'lot', word: 'lot', becomes: 'parking queue' },
    ]);
  });
});
