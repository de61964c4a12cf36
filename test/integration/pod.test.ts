import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/server.ts';
import { environmentOf, manifestsOf, minimal, podsOf } from '../support/chart.ts';
import { startConnector } from '../support/connector-process.ts';
import { createTopic, embeddedBroker, produce, uniqueName } from '../support/kafka-broker.ts';
import { withKubernetesTools } from '../support/needs.ts';
import { orderRecord } from '../support/orders.ts';

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** A volume as the kubelet writes one: the files are links into a folder that is exchanged as a whole. */
function volume(path: string) {
  mkdirSync(path, { recursive: true });
  let version = 0;
  return (files: Readonly<Record<string, string>>) => {
    version += 1;
    mkdirSync(join(path, `..${version}`));
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(path, `..${version}`, name), text);
      if (version === 1) symlinkSync(`..data/${name}`, join(path, name));
    }
    symlinkSync(`..${version}`, join(path, '..new'));
    renameSync(join(path, '..new'), join(path, '..data'));
  };
}

test(
  'the container of the chart runs, follows its ConfigMap, keeps the old mapping when the new one is broken, and stops in time',
  withKubernetesTools,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pod-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const broker = await embeddedBroker();
    const brokers = broker.brokers.split(',');
    closing.push(() => broker.stop());
    const sandbox = createSandbox();
    closing.push(() => sandbox.close());
    const graph = await sandbox.listen();
    const topic = uniqueName('pod');
    await createTopic(brokers, topic);

    const manifests = manifestsOf([minimal], {
      settings: {
        KAFKA_BROKERS: broker.brokers,
        KAFKA_TOPICS: topic,
        KAFKA_GROUP_ID: topic,
        KAFKA_FROM: 'earliest',
        KAFKA_SESSION_TIMEOUT_MS: 4000,
        META_GRAPH_URL: graph,
        META_REQUEST_TIMEOUT_MS: 2000,
        MAPPINGS_POLL_MS: 100,
      },
    });
    const [pod] = podsOf(manifests);
    if (pod === undefined) throw new Error('there is no pod');
    const mapping = manifests.find(({ kind }) => kind === 'ConfigMap')?.data?.['web-store.json'] ?? '';
    const writeMapping = volume(join(folder, 'mappings'));
    writeMapping({ 'web-store.json': mapping });
    volume(join(folder, 'secrets'))({ 'access-token': 'a-token-of-a-secret' });

    const inFolder = (text: string) => text.replace('/etc/meta-actions', folder);
    const given = Object.entries(environmentOf(pod)).map(([name, value]) => [name, inFolder(value)]);
    const connector = startConnector({
      arguments: pod.containers[0].args.map(inFolder),
      // A port of this machine that is free.
      environment: { ...Object.fromEntries(given), OPS_HOST: '127.0.0.1', OPS_PORT: '0' },
    });
    closing.push(() => connector.kill('SIGKILL'));
    await connector.ready();
    const { livenessProbe, readinessProbe } = pod.containers[0];
    const asked = (path: string) => fetch(`${connector.opsUrl()}${path}`);
    expect((await asked(livenessProbe.httpGet.path)).status).toBe(200);
    const counted = async (name: string) =>
      Number(new RegExp(`^meta_actions_${name} (\\S+)$`, 'm').exec(await (await asked('/metrics')).text())?.[1] ?? 0);
    const reloads = (result: string) => counted(`config_reloads_total{result="${result}"}`);
    const received = async () => (await (await fetch(`${graph}/_sandbox/events?ids=true`)).text()).trim();

    writeMapping({ 'web-store.json': mapping.replace('"purchase"', '"no-such-action"') });
    await expect.poll(() => reloads('refused')).toBe(1);
    expect((await asked(readinessProbe.httpGet.path)).status).toBe(200);
    await produce(brokers, topic, [orderRecord('before', 1)]);
    await expect.poll(received).toContain('"dataset":"1234567890"');

    writeMapping({ 'web-store.json': mapping.replace('1234567890', '5555555555') });
    await expect.poll(() => reloads('applied')).toBe(1);
    await produce(brokers, topic, [orderRecord('after', 2)]);
    await expect.poll(received).toContain('"dataset":"5555555555"');
    expect(await reloads('refused')).toBe(1);

    connector.kill('SIGTERM');
    expect(await connector.exited).toBe(0);
  },
);
