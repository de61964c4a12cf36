/** Writes src/api/dead-letters/code-words.ts: the tables of docs/reference/codes.md, for the API. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

/** The module, as the page's tables have it. */
export function codeWords(page: string): string {
  const rows = [...page.matchAll(/^\| `([A-Z0-9_]+)` \| (.+?) \| (.+?) \|$/gm)];
  const lines = rows.map(([, code = '', meaning = '', fix = '']) => `  ['${code}', [${text(meaning)}, ${text(fix)}]],`);
  return `/**
 * What each code of ours means and what to do about it. Made from docs/reference/codes.md by \`npm run generate\`: change
 * it there.
 */
export const codeWords: ReadonlyMap<string, readonly [meaning: string, fix: string]> = new Map([
${lines.join('\n')}
]);
`;
}

/** Without the marks of Markdown. */
function text(cell: string): string {
  const plain = cell
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('\\|', '|')
    .replaceAll('`', '');
  return plain.includes("'") && !plain.includes('"') ? JSON.stringify(plain) : `'${plain.replaceAll("'", "\\'")}'`;
}

if (import.meta.main) {
  const page = readFileSync(resolve(root, 'docs/reference/codes.md'), 'utf8');
  const path = resolve(root, 'src/api/dead-letters/code-words.ts');
  writeFileSync(path, codeWords(page));
  const biome = resolve(root, 'node_modules/@biomejs/biome/bin/biome');
  execFileSync(process.execPath, [biome, 'format', '--write', path], { cwd: root, stdio: 'ignore' });
  console.log(`wrote ${path}`);
}
