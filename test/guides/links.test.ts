import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const pages = [
  ...globSync('*.md', { cwd: root }),
  ...globSync('{docs,examples,actions,bench}/**/*.md', { cwd: root }),
].filter((page) => !page.includes('node_modules'));

function withoutCode(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, 'code');
}

/** The anchors of a page's headings, as GitHub and the docs site make them. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const headings = markdown.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm);
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, heading = ''] of headings) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
    const anchor = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    anchors.add(times === 0 ? anchor : `${anchor}-${times}`);
  }
  return anchors;
}

/** What is wrong with the links of a page that stay in the repository. */
function brokenLinks(page: string): readonly string[] {
  const text = withoutCode(readFileSync(join(root, page), 'utf8'));
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? join(root, page) : resolve(root, dirname(page), path);
    if (!existsSync(file)) return [`${target}: no such file`];
    if (anchor === undefined || !file.endsWith('.md')) return [];
    return anchorsOf(readFileSync(file, 'utf8')).has(anchor) ? [] : [`${target}: no such heading`];
  });
}

describe('links between pages lead somewhere', () => {
  test('there are pages to look at', () => expect(pages.length).toBeGreaterThan(40));
  test.each(pages)('%s', (page) => expect(brokenLinks(page)).toEqual([]));
});

describe('every page of the docs is reached from the README', () => {
  test('by links from page to page', () => {
    const reached = new Set<string>();
    const queue = ['README.md'];
    for (let page = queue.pop(); page !== undefined; page = queue.pop()) {
      if (reached.has(page)) continue;
      reached.add(page);
      const text = withoutCode(readFileSync(join(root, page), 'utf8'));
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s#]+\.md)(?:#[^)]*)?\)/g)) {
        if (!/^[a-z]+:/.test(target)) queue.push(relative(root, resolve(root, dirname(page), target)));
      }
    }
    expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });
});
