import type { OpsApp } from '../observe/ops-options.ts';

const served: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);

const refusal = {
  code: 'WORKERS_NO_CONSOLE',
  error: 'the console and its API are not served by a run with several workers',
  fix: '/readyz says how it is and /metrics counts; for the console, run each process of the group by itself',
};

/** A page that could say only a part of what all workers do would be wrong: there is none. */
export function refuseConsole(app: OpsApp): void {
  app.addHook('onRequest', async (request, reply) =>
    served.has(request.url.split('?', 1)[0] ?? '') ? undefined : reply.code(501).send(refusal),
  );
}
