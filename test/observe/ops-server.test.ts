import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/observe/metrics.ts';
import { type OpsServer, startOpsServer } from '../../src/observe/ops-server.ts';

let server: OpsServer | undefined;
afterEach(() => server?.close());

async function start(reasons: readonly string[] = [], alive = true, degraded: readonly string[] = []): Promise<string> {
  const measured = createMetrics({ processMetrics: false });
  measured.record({ kind: 'records_read', topic: 'events', count: 3, bytes: 9 });
  server = await startOpsServer({
    host: '127.0.0.1',
    port: 0,
    metrics: measured,
    readiness: () => ({ reasons, degraded }),
    alive: () => alive,
  });
  return server.url;
}

describe('the ops server', () => {
  it('is ready without reasons against it, and names them otherwise', async () => {
    const ready = await fetch(`${await start()}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
    await server?.close();
    const not = await fetch(`${await start(['lane shop is blocked'])}/readyz`);
    expect([not.status, await not.json()]).toEqual([503, { status: 'not ready', reasons: ['lane shop is blocked'] }]);
  });

  it('stays ready while something is slower than it could be, and says what', async () => {
    const answer = await fetch(`${await start([], true, ['lane shop is throttled'])}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ready', degraded: ['lane shop is throttled'] },
    ]);
  });

  it('is alive whatever is not ready, until only a restart helps', async () => {
    expect((await fetch(`${await start(['stopping'])}/livez`)).status).toBe(200);
    await server?.close();
    expect((await fetch(`${await start([], false)}/livez`)).status).toBe(503);
  });

  it('shows people a page over metrics that are there', async () => {
    const url = await start();
    expect(await fetch(url).then((answer) => answer.text())).toContain(
      '<script type="module" src="/console/status.js">',
    );
    const script = await fetch(`${url}/console/status.js`).then((answer) => answer.text());
    const exposed = await fetch(`${url}/metrics`).then((metric) => metric.text());
    const asked = [...script.matchAll(/'([a-z_]+_(?:total|count|records|bytes))'/g)].map(([, name]) => name ?? '');
    expect(asked.length).toBeGreaterThan(5);
    for (const name of asked) expect(exposed, name).toContain(`meta_actions_${name.replace(/_count$/, '')}`);
  });
});
