import { readdirSync, readFileSync } from 'node:fs';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { servePage } from '../../src/pages/pages.ts';

const folder = new URL('../../console/', import.meta.url);
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8');

describe.each(['status', 'sandbox'] as const)('the page %s', (page) => {
  const app = fastify();
  servePage(app, page);

  it('is served with the files that it asks for, and may load nothing from elsewhere', async () => {
    const answer = await app.inject('/');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
    expect(answer.body).not.toMatch(/(?:src|href)="https?:/);
    const asked = [...answer.body.matchAll(/"[^"]*(\/console\/[^"]+)"/g)].map(([, path]) => path ?? '');
    expect(asked).toHaveLength(2);
    const types = await Promise.all(asked.map(async (path) => (await app.inject(path)).headers['content-type']));
    expect(types).toEqual(['text/css; charset=utf-8', 'text/javascript; charset=utf-8']);
  });

  it('serves each script under the name by which others import it', async () => {
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const imported = scripts.flatMap((name) => [...textOf(name).matchAll(/ from '\.\/([^']+)'/g)].map(([, to]) => to));
    expect(imported.length).toBeGreaterThan(2);
    for (const name of imported) expect((await app.inject(`/console/${name}`)).statusCode, name).toBe(200);
  });

  it('serves nothing else of the folder, and nothing outside of it', async () => {
    for (const path of [
      '/console/tsconfig.json',
      '/console/',
      '/console/../package.json',
      '/console/%2e%2e/package.json',
    ])
      expect((await app.inject(path)).statusCode, path).toBe(404);
  });

  it('has the elements that its script writes to', () => {
    const written = [...textOf(`${page}.js`).matchAll(/byId\('(\w+)'\)/g)].map(([, id]) => id);
    expect(written.length).toBeGreaterThan(3);
    for (const id of [...written, 'state']) expect(textOf(`${page}.html`)).toContain(`id="${id}"`);
  });

  it('writes text, never markup', () => {
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.js')))
      expect(textOf(name), name).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b/);
  });
});
