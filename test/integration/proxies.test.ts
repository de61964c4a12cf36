import { writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { certificateFor } from '../support/certificates.ts';
import { purchaseMappings, startConnector } from '../support/connector-process.ts';
import { listening } from '../support/listening.ts';
import { orderRecord } from '../support/orders.ts';
import { runProgram } from '../support/program.ts';
import { proxyServer } from '../support/proxy-server.ts';

/** Takes every event, over TLS, at `localhost` if the certificate says so. */
async function graphOverTls(name: string) {
  const { key, cert, caFile } = await certificateFor(name);
  let received = 0;
  const server = createServer({ key, cert }, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { length } = JSON.parse(body).data;
      received += length;
      response.end(JSON.stringify({ events_received: length }));
    });
  });
  const { port, close } = await listening(server);
  onTestFinished(close);
  return { url: `https://localhost:${port}`, port, caFile, received: () => received };
}

async function orders(count: number): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'proxies-')), 'orders.ndjson');
  const valid = Array.from({ length: count * 2 }, (_, index) => orderRecord('proxies', index))
    .filter(({ eventId }) => eventId !== undefined)
    .slice(0, count);
  writeFileSync(file, valid.map(({ value }) => `${value}\n`).join(''));
  return file;
}

const run = (file: string) => ['run', '--mappings', purchaseMappings(), '--source', `file:${file}`];

test('events go to Meta through the proxy of the environment, which is shown without its password', async () => {
  const graph = await graphOverTls('localhost');
  const proxy = await proxyServer();
  onTestFinished(proxy.close);
  const { code, stderr } = await runProgram([...run(await orders(20)), '--once'], {
    environment: {
      META_GRAPH_URL: graph.url,
      META_ACCESS_TOKEN: 'proxies-token',
      https_proxy: proxy.url.replace('://', '://jane:geheim@'),
      NO_PROXY: 'intranet.example',
      NODE_EXTRA_CA_CERTS: graph.caFile,
    },
  });
  expect(code, stderr).toBe(0);
  expect(graph.received()).toBe(20);
  expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT localhost:${graph.port}`]));
  expect(proxy.users[0]).toBe('jane:geheim');
  expect(stderr).toContain(`"https":"${proxy.url}","none":"intranet.example"`);
  expect(stderr).not.toMatch(/jane|geheim/);
}, 150_000);

test.each([
  [
    'a proxy that refuses',
    async () => {
      const proxy = await proxyServer(() => 407);
      onTestFinished(proxy.close);
      return { META_GRAPH_URL: 'https://graph.example', HTTPS_PROXY: proxy.url };
    },
    /The proxy does not let the connection to Meta through\. \(HTTP_407\) Fix: .*HTTPS_PROXY/,
  ],
  [
    'a certificate of an authority that nobody knows',
    async () => ({ META_GRAPH_URL: (await graphOverTls('localhost')).url }),
    /\(UNABLE_TO_VERIFY_LEAF_SIGNATURE\) Fix: .*NODE_EXTRA_CA_CERTS/,
  ],
  [
    'a certificate for another name',
    async () => {
      const { url, caFile } = await graphOverTls('elsewhere.example');
      return { META_GRAPH_URL: url, NODE_EXTRA_CA_CERTS: caFile };
    },
    /\(ERR_TLS_CERT_ALTNAME_INVALID\) Fix: .*META_GRAPH_URL/,
  ],
] as const)(
  '%s blocks, loses nothing, and readiness tells the cause and the fix',
  async (_, place, says) => {
    const environment: Readonly<Record<string, string>> = await place();
    const connector = startConnector({ arguments: run(await orders(5)), environment });
    onTestFinished(() => connector.kill('SIGKILL'));
    await expect.poll(connector.opsUrl, { timeout: 60_000 }).toBeDefined();
    const readiness = async () => (await fetch(`${connector.opsUrl()}/readyz`)).text();
    await expect.poll(readiness, { timeout: 60_000 }).toMatch(says);
    connector.kill('SIGTERM');
    expect(await connector.exited).toBe(1);
  },
  150_000,
);

test('META_GRAPH_URL without TLS on another machine is refused with 2, by the name of what allows it', async () => {
  const environment = { META_GRAPH_URL: 'http://graph.example', META_ACCESS_TOKEN: 'x' };
  const file = await orders(1);
  const { code, stderr } = await runProgram([...run(file), '--once'], { environment });
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/META_GRAPH_URL must be https.*META_GRAPH_PLAIN_HTTP=true/),
  ]);
});
