import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildConsole } from '../../scripts/build-console.ts';
import { servePage } from '../../src/pages/pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'pages-'));
const built = pathToFileURL(`${folder}/`);
beforeAll(() => buildConsole(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(['status', 'sandbox'] as const)('the page %s', (page) => {
  function served() {
    const app = fastify();
    servePage(app, page, built);
    return app;
  }

  it('is served with the files that it asks for, and may load and run nothing else', async () => {
    const app = served();
    const answer = await app.inject('/');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    const policy = String(answer.headers['content-security-policy']);
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"])
      expect(policy).toContain(rule);
    expect(policy).not.toContain('unsafe');
    expect(answer.body).not.toMatch(/<style|<script(?! type="module" src=)|\son\w+=|style="/);
    const asked = [...answer.body.matchAll(/"[^"]*(\/console\/[^"]+)"/g)].map(([, path]) => path ?? '');
    const types = await Promise.all(asked.map(async (path) => (await app.inject(path)).headers['content-type']));
    expect(types).toEqual(['image/svg+xml', 'text/css; charset=utf-8', 'text/javascript; charset=utf-8']);
  });

  it('serves nothing else of the folder, and nothing outside of it', async () => {
    const app = served();
    for (const path of ['/console/tsconfig.json', '/console/', '/console/status.html', '/console/%2e%2e/package.json'])
      expect((await app.inject(path)).statusCode, path).toBe(404);
  });

  it('says how to build it where nobody has', async () => {
    const app = fastify();
    servePage(app, page, pathToFileURL(join(folder, 'nowhere/')));
    const answer = await app.inject('/');
    expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining('scripts/build-console.ts')]);
  });
});

it('the console is at the address of each of its views', async () => {
  const app = fastify();
  servePage(app, 'status', built);
  const { body } = await app.inject('/');
  for (const path of ['/dead-letters/a%2F1?code=A', '/destinations/web%20store', '/workbench', '/live', '/audiences'])
    expect((await app.inject(path)).body, path).toBe(body);
  expect((await app.inject('/admin')).statusCode).toBe(404);
});
