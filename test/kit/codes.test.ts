import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** The codes page, held together with the code that uses them. */

const root = join(import.meta.dirname, '..', '..');
const folders = ['core', 'kit', 'identity', 'pipeline', 'mapping', 'delivery', 'config', 'formats'];
const page = readFileSync(join(root, 'docs', 'reference', 'codes.md'), 'utf8');
/** Codes of Meta's answers, and of none, stand on a page of their own. */
const errorsPage = readFileSync(join(root, 'docs', 'reference', 'errors.md'), 'utf8');

/** Names of Meta's, of settings and of AWS that look like codes. */
const metaNames =
  /^(?:KAFKA_\w+|AWS_\w+|SCHEMA_REGISTRY_\w+|OPS_\w+|NOTIFY_\w+|ERR_\w+|EXTERN_ID|(?:BOTH_USER_AND_|USER_)?(?:PARTNER_)?PROVIDED(?:_ONLY)?|LOOKALIKE_VALUE|DATA_PROCESSING_OPTIONS(?:_COUNTRY|_STATE)?)$/;

const literals = [
  /'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g,
  /\bcode: '([A-Z][A-Z0-9_]+)'/g,
  /\b\w*[cC]ode = '([A-Z][A-Z0-9_]+)'/g,
  /\b(?:ConnectorError|[fF]ailure(?:Of)?)\(\s*'([A-Z][A-Z0-9_]+)'/g,
];

function codesOf(folder: string): readonly string[] {
  return readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(root, 'src', folder, file), 'utf8');
      return literals.flatMap((literal) => [...text.matchAll(literal)].map(([, code = '']) => code));
    })
    .filter((code) => !metaNames.test(code));
}

const used = new Set(folders.flatMap(codesOf));
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const documented = rows.map(([code = '']) => code.replaceAll('`', ''));

test('every code that these folders use is documented', () => {
  expect(used.size).toBeGreaterThan(60);
  const known = (code: string) => documented.includes(code) || errorsPage.includes(`| \`${code}\` |`);
  expect([...used].filter((code) => !known(code)).sort()).toEqual([]);
});

test('every documented code is used, and documented once', () => {
  const everywhere = new Set([...used, ...everyWord()]);
  expect(documented.filter((code) => !everywhere.has(code))).toEqual([]);
  expect(documented).toHaveLength(new Set(documented).size);
});

test('every row has a meaning and what to do', () => {
  for (const cells of rows) {
    expect(cells).toHaveLength(3);
    for (const cell of cells.slice(1)) expect(cell, cells[0]).toMatch(/\.$/);
  }
});

/** Single words in capitals, which are no codes everywhere: `RETENTION`. */
function everyWord(): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => {
        const text = readFileSync(join(root, 'src', folder, file), 'utf8');
        return [...text.matchAll(/'([A-Z]{6,})'/g)].map(([, word = '']) => word);
      }),
  );
}
