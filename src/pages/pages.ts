import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { FastifyInstance } from 'fastify';

/** In a clone `console/`; in the build its copy beside `src/`. */
const folder = new URL('../../console/', import.meta.url);

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** A page needs nothing from elsewhere and runs nothing that was written into it. */
const policy = "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Serves a page of `console/` at `/`, and under `/console/` the styles and scripts that it asks for. */
export function servePage(app: FastifyInstance, page: 'status' | 'sandbox'): void {
  serveFile(app, '/', `${page}.html`);
  for (const name of readdirSync(folder)) {
    if (/\.(?:css|js)$/.test(name)) serveFile(app, `/console/${name}`, name);
  }
}

function serveFile(app: FastifyInstance, url: string, name: string): void {
  const text = readFileSync(new URL(name, folder));
  const contentType = contentTypes[extname(name)] ?? 'application/octet-stream';
  app.get(url, (_request, reply) =>
    reply.header('content-type', contentType).header('content-security-policy', policy).send(text),
  );
}
