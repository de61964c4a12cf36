import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildConsole } from '../../scripts/build-console.ts';

const folder = mkdtempSync(join(tmpdir(), 'console-'));
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');
beforeAll(() => buildConsole(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a page loads before the editor is opened: its script, and what that imports at once. */
function loadedWith(name: string): readonly string[] {
  const imports = [...textOf(name).matchAll(/(?:from|import)\s?"\.\/([^"]+)"/g)].map(([, file]) => file ?? '');
  return [name, ...imports.flatMap(loadedWith)];
}

describe('what browsers load', () => {
  it.each(['status.js', 'sandbox.js'])('%s is below 150 kB compressed with all that it loads at once', (entry) => {
    const files = new Set([...loadedWith(entry), 'console.css']);
    const bytes = [...files].reduce((sum, name) => sum + gzipSync(textOf(name)).length, 0);
    expect(bytes).toBeLessThan(150_000);
  });

  it('has the editor in a file of its own, which is loaded when it is opened', () => {
    const [editor = ''] = readdirSync(folder).filter((name) => /^editor-/.test(name));
    expect(textOf('status.js')).toContain(`import("./${editor}")`);
    expect(loadedWith('status.js')).not.toContain(editor);
  });

  it('asks no other host for anything, and makes no markup and no code of a text', () => {
    for (const name of readdirSync(folder).filter((file) => /\.(?:js|css|html)$/.test(file))) {
      expect(textOf(name), name).not.toMatch(/@import|url\(["']?https?:|(?:src|href)="https?:|from"https?:/);
      expect(textOf(name), name).not.toMatch(/dangerouslySetInnerHTML"?:|insertAdjacentHTML|document\.write|\beval\(/);
    }
  });

  it('brings the licence of each package whose code is in it', () => {
    for (const name of ['preact', 'uplot', '@codemirror/view', 'jsonc-parser'])
      expect(textOf('licenses.txt')).toMatch(new RegExp(`^${name}$`, 'm'));
  });
});
