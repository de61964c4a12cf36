/**
 * Writes the list in docs/decisions/README.md from the titles of the pages.
 *
 *     node scripts/generate-decisions.ts
 *
 * A test fails when the list isn't what this would write.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../docs/decisions');
const page = join(folder, 'README.md');
const heading = '## All of them\n\n';

/** The page with its list written anew; what stands above is written by people. */
export function decisionsPage(text: string): string {
  const start = text.indexOf(heading);
  if (start < 0) throw new Error(`docs/decisions/README.md has no heading "${heading.trim()}"`);
  return text.slice(0, start) + heading + pages().map(lineOf).join('');
}

function pages(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-.+\.md$/.test(name))
    .sort();
}

function lineOf(name: string): string {
  const [first = ''] = readFileSync(join(folder, name), 'utf8').split('\n');
  const title = first.replace(/^# (?:\d{4}:? )?/, '');
  return `- [${name.slice(0, 4)}](${name}) ${title}\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(page, decisionsPage(readFileSync(page, 'utf8')));
