import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings, settings } from '../../src/config/environment.ts';
import { parseYaml } from '../support/chart.ts';
import { withKubernetesTools } from '../support/needs.ts';

const root = resolve(import.meta.dirname, '../..');

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly volumes?: readonly string[];
  readonly profiles?: readonly string[];
  readonly ports?: readonly string[];
  readonly stop_grace_period?: string;
}

function services(): Readonly<Record<string, Service>> {
  const text = readFileSync(resolve(root, 'compose.yaml'), 'utf8');
  return (parseYaml(text)[0] as { services: Record<string, Service> }).services;
}

describe('compose', withKubernetesTools, () => {
  test('keeps what Kafka holds in its volume', () => {
    const { kafka } = services();
    expect(kafka?.volumes).toEqual([`kafka-data:${kafka?.environment?.['KAFKA_LOG_DIRS']}`]);
  });

  test('gives the connector settings that it takes, and time to stop', () => {
    const { connector } = services();
    const environment = Object.entries(connector?.environment ?? {});
    const known = environment.filter(([name]) => name !== 'META_ACCESS_TOKEN');
    for (const [name] of known) expect(settings).toHaveProperty(name);
    const { SHUTDOWN_TIMEOUT_MS } = readSettings(Object.fromEntries(known.map(([name, value]) => [name, `${value}`])));
    expect(Number.parseInt(connector?.stop_grace_period ?? '', 10) * 1000).toBeGreaterThan(SHUTDOWN_TIMEOUT_MS);
  });

  test('mounts files that there are, publishes ports on this machine alone, and names versions', () => {
    for (const { image, build, volumes = [], ports = [] } of Object.values(services())) {
      for (const [source = ''] of volumes.map((volume) => volume.split(':'))) {
        if (source.startsWith('.')) expect(existsSync(resolve(root, source)), source).toBe(true);
      }
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
      if (build === undefined && image !== 'meta-actions') expect(image).toMatch(/:v?\d+\.\d+\.\d+/);
    }
  });

  test('starts Prometheus and Grafana only when asked for', () => {
    const asked = Object.entries(services()).filter(([, { profiles }]) => profiles?.includes('monitoring'));
    expect(asked.map(([name]) => name)).toEqual(['prometheus', 'grafana']);
  });
});
