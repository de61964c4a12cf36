import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Prometheus {
  /** The names of the alerts that have fired since the start, by the instance that they fired for. */
  fired(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** How many series the query finds now. */
  count(query: string): Promise<number>;
  /** How many of the instances were scraped. */
  scraped(): Promise<number>;
  stop(): Promise<void>;
}

export const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;

/** A real one, which asks each of the instances (`host:port`) once a second. */
export async function startPrometheus(rules: string, instances: readonly string[]): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  writeFileSync(join(folder, 'rules.yml'), rules);
  const targets = JSON.stringify(instances);
  const config = `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs: [{ job_name: meta-actions, static_configs: [{ targets: ${targets} }] }]
`;
  writeFileSync(join(folder, 'prometheus.yml'), config);
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  const end = () => void child.kill('SIGKILL');
  process.once('exit', end);
  const exited = once(child, 'exit');

  async function query(text: string): Promise<readonly { readonly metric: Readonly<Record<string, string>> }[]> {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(text)}`;
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok !== true) return [];
    const { data } = (await answer.json()) as { data: { result: { metric: Record<string, string> }[] } };
    return data.result;
  }

  return {
    async fired() {
      const found = await query('max_over_time(ALERTS{alertstate="firing"}[1h])');
      const byInstance = Map.groupBy(found, ({ metric }) => metric['instance'] ?? '');
      return new Map(
        [...byInstance].map(([instance, list]) => [
          instance,
          [...new Set(list.map(({ metric }) => metric['alertname'] ?? ''))].sort(),
        ]),
      );
    },
    count: async (text) => (await query(text)).length,
    scraped: async () => (await query('up == 1')).length,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      process.off('exit', end);
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the port is not known');
  return address.port;
}
