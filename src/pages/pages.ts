import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';

/** What `npm run build` and `npm run demo` bundle of `console/`: in the build beside `src/`, in a clone in `dist/`. */
const built = new URL(import.meta.url.endsWith('.ts') ? '../../dist/console/' : '../../console/', import.meta.url);

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * A page needs nothing from elsewhere, runs nothing that was written into it, and can't make markup of a text: what
 * strangers sent is shown on it.
 */
const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cache-control': 'no-cache',
};

const notBuilt =
  'The pages are not built. In a clone of the repository: node scripts/build-console.ts, and start again.\n';

/** The addresses at which a page of several views is served; the page itself looks which one it is at. */
const views: Readonly<Record<Page, readonly string[]>> = {
  status: [
    '/',
    '/destinations/*',
    '/audiences',
    '/audiences/*',
    '/dead-letters',
    '/dead-letters/*',
    '/workbench',
    '/live',
  ],
  sandbox: ['/', '/page/*'],
};

type Page = 'status' | 'sandbox';

/** Serves a page of `console/`, and under `/console/` the styles and scripts that it asks for. */
export function servePage(app: FastifyInstance, page: Page, folder: URL = built): void {
  if (!existsSync(new URL(`${page}.html`, folder))) {
    app.get('/', (_request, reply) => reply.code(503).type('text/plain; charset=utf-8').send(notBuilt));
    return;
  }
  for (const url of views[page]) serveFile(app, url, new URL(`${page}.html`, folder));
  for (const name of readdirSync(folder)) {
    if (extname(name) !== '.html') serveFile(app, `/console/${name}`, new URL(name, folder));
  }
}

function serveFile(app: FastifyInstance, url: string, file: URL): void {
  const text = readFileSync(file);
  const contentType = contentTypes[extname(file.pathname)] ?? 'application/octet-stream';
  app.get(url, (_request, reply) => reply.header('content-type', contentType).headers(headers).send(text));
}
