import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { chartSettings } from '../../scripts/chart-settings.ts';
import { chartFiles } from '../../scripts/generate-chart.ts';
import { readSettings, type SettingName, settings } from '../../src/config/environment.ts';
import {
  chartFolder,
  environmentOf,
  helmTemplate,
  type Manifest,
  manifestsOf,
  minimal,
  podsOf,
  runHelm,
  toolsFolder,
  valueFiles,
} from '../support/chart.ts';
import { all, onPrometheus, withKubernetesTools } from '../support/needs.ts';
import { runProgram } from '../support/program.ts';

const root = resolve(import.meta.dirname, '../..');
const secret = { existingSecret: 'web-store' };
const scaledValues = resolve(chartFolder, 'ci/scaled.yaml');

test("the chart's schema and rules are what the program has: run `npm run generate` otherwise", () => {
  for (const [path, text] of chartFiles()) expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a setting is given in one way, but for what the chart and the platform give', () => {
  const given = [...chartSettings('settings'), ...chartSettings('secretFiles'), ...chartSettings('secretEnv')];
  const rest = (Object.keys(settings) as SettingName[]).filter((name) => !given.includes(name));
  expect(rest.filter((name) => !given.includes(`${name}_FILE` as SettingName))).toEqual([
    'AWS_ROLE_ARN',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    'SOURCES',
    'OPS_HOST',
    'OPS_PORT',
  ]);
  expect(chartSettings('settings').filter((name) => /(PASSWORD|TOKEN|SECRET)$/.test(name))).toEqual([]);
});

test('a manifest that is wrong would be seen', withKubernetesTools, async () => {
  const metadata = { name: 'wrong' };
  const container = { name: 'connector', imag: 'meta-actions' };
  const spec = { selector: {}, template: { spec: { containers: [container] } } };
  const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec };
  expect(typeErrors([manifest])).toContain('"imag"');
  await expect(checkValues({ ...manifest, spec: { ...spec, replicas: 'two' } })).rejects.toThrow('spec/replicas');
});

describe.each(valueFiles.map((file) => [basename(file), file] as const))('the chart with %s', (_, file) => {
  test('is linted, and makes objects that fit the schemas of their kinds', withKubernetesTools, async () => {
    expect(runHelm(['lint', '--strict', '--quiet', chartFolder, '--values', file]).stderr).toBe('');
    const manifests = manifestsOf([file]);
    for (const manifest of manifests) await checkValues(manifest);
    expect(typeErrors(manifests)).toBe('');
  });

  test('gives containers settings that the program knows, with values that it takes', withKubernetesTools, () => {
    for (const pod of podsOf(manifestsOf([file]))) {
      const [{ env }] = pod.containers;
      const others = env.map(({ name }) => name).filter((name) => !(name in settings));
      expect(others.filter((name) => !/^NODE_/.test(name))).toEqual([]);
      expect(new Set(env.map(({ name }) => name)).size).toBe(env.length);
      expect(readSettings(environmentOf(pod))).toMatchObject({ OPS_HOST: '0.0.0.0', OPS_PORT: 9464 });
    }
  });

  test('restarts a pod only when it is dead, stops it in order, and lets it do little', withKubernetesTools, () => {
    for (const pod of podsOf(manifestsOf([file]))) {
      const [{ livenessProbe, startupProbe, readinessProbe, securityContext }] = pod.containers;
      expect([livenessProbe.httpGet.path, startupProbe.httpGet.path]).toEqual(['/livez', '/livez']);
      expect(readinessProbe.httpGet.path).toBe('/readyz');
      const { SHUTDOWN_TIMEOUT_MS } = readSettings(environmentOf(pod));
      expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(SHUTDOWN_TIMEOUT_MS);
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });
});

test('the mappings of the example values are ones that the program takes', withKubernetesTools, async () => {
  const mappings = valueFiles.flatMap((file) =>
    manifestsOf([file]).flatMap(({ data = {} }) => Object.entries(data).filter(([name]) => name !== 'sources.json')),
  );
  expect(mappings.map(([name]) => name)).toEqual(['web-store.json', 'crm.json']);
  const folder = mkdtempSync(join(tmpdir(), 'examples-'));
  for (const [name, text] of [...mappings, ['../secrets/access-token', 'a-token'] as const]) {
    mkdirSync(dirname(join(folder, 'mappings', name)), { recursive: true });
    writeFileSync(join(folder, 'mappings', name), text);
  }
  const { stderr, code } = await runProgram(['validate', '--mappings', join(folder, 'mappings')]);
  rmSync(folder, { recursive: true });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('every setting of the values reaches the container', withKubernetesTools, () => {
  const plain = Object.fromEntries(chartSettings('settings').map((name) => [name, settings[name].fallback || '17']));
  const from = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, { secret: 'some', key: name.toLowerCase() }]));
  const inEnvironment = chartSettings('secretEnv').filter((name) => !(name in plain));
  const numbers = { MAX_IN_FLIGHT_BYTES: 67_108_864, KAFKA_SSL: true, WORKERS: 3 };
  const [pod] = podsOf(
    manifestsOf([minimal], {
      settings: { ...plain, ...numbers, SHUTDOWN_TIMEOUT_MS: 25_000 },
      secretFiles: from(chartSettings('secretFiles')),
      secretEnv: from(inEnvironment),
      sources: '{}',
      ops: { port: 9999 },
    }),
  );
  const [{ env }] = pod?.containers ?? [{ env: [] }];
  const values = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  expect(values).toMatchObject({
    ...plain,
    ...{
      MAX_IN_FLIGHT_BYTES: '67108864',
      KAFKA_SSL: 'true',
      WORKERS: '3',
      OPS_PORT: '9999',
      SHUTDOWN_TIMEOUT_MS: '25000',
    },
    SOURCES: '/etc/meta-actions/sources/sources.json',
  });
  const folder = '/etc/meta-actions/setting-files';
  for (const name of chartSettings('secretFiles')) expect(values[name]).toBe(`${folder}/${name}`);
  for (const name of inEnvironment) {
    const { valueFrom } = env.find((each) => each.name === name) ?? {};
    expect(valueFrom).toEqual({ secretKeyRef: { name: 'some', key: name.toLowerCase() } });
  }
});

test('the manifest for those without helm is what the chart makes of the least values', withKubernetesTools, () => {
  const { stdout } = helmTemplate([minimal], {}, 'meta-actions');
  expect(readFileSync(resolve(root, 'deploy/kubernetes.yaml'), 'utf8').endsWith(`\n${stdout}`)).toBe(true);
});

const autoscaling = { minReplicas: 1, maxReplicas: 4, lagPerReplica: 1000 };

test.each([
  ['no destination', { destinations: null }, 'destinations is empty'],
  ['no secret', store({ secret: { existingSecret: '' } }), 'destinations.web-store has no secret: name the Secret'],
  ['two secrets', store({ secret: { ...secret, externalSecret: { data: [] } } }), 'exclude each other'],
  ['no mapping', store({ mapping: '' }), 'destinations.web-store has no mapping'],
  ['two mappings', store({ existingConfigMap: 'other' }), 'mapping and existingConfigMap exclude each other'],
  ['the mapping of another', store({ mapping: '{"name": "crm"}' }), 'has no "name": "web-store"'],
  [
    'a token in the environment',
    store({ mapping: '{"name": "web-store", "access_token": {"$env": "T"}}' }),
    'the chart gives secrets as files',
  ],
  ['no brokers', { settings: { KAFKA_BROKERS: '' } }, 'KAFKA_BROKERS and KAFKA_TOPICS are needed'],
  ['a stop that is cut off', { terminationGracePeriodSeconds: 25 }, 'must be longer than SHUTDOWN_TIMEOUT_MS (25000'],
  ['more pods than partitions', store({ replicas: 7, partitions: 6 }), 'replicas (7) is more than its partitions (6)'],
  ['a fixed number that is scaled', store({ replicas: 2, autoscaling }), 'replicas and autoscaling exclude each other'],
  ['scaling by nobody', store({ autoscaling }), 'needs autoscaling.prometheusAddress'],
  [
    'scaling beyond the partitions',
    { ...store({ partitions: 3, autoscaling }), autoscaling: { prometheusAddress: 'http://p' } },
    'maxReplicas (4) is more than its partitions (3)',
  ],
  [
    'scaling upside down',
    { ...store({ autoscaling: { ...autoscaling, minReplicas: 5 } }), autoscaling: { prometheusAddress: 'http://p' } },
    'minReplicas (5) is more than maxReplicas (4)',
  ],
  [
    'a monitor that may not come in',
    { serviceMonitor: { enabled: true }, networkPolicy: { enabled: true } },
    'name your Prometheus in networkPolicy.ingressFrom',
  ],
  [
    'a proxy twice',
    { settings: { HTTPS_PROXY: 'http://p:1' }, secretEnv: { HTTPS_PROXY: { secret: 'p', key: 'k' } } },
    'HTTPS_PROXY is in settings and in secretEnv',
  ],
  ['a setting that nobody knows', { settings: { KAFKA_TOPIC: 'events' } }, "additional properties 'KAFKA_TOPIC'"],
  ['a password in the values', { settings: { KAFKA_SASL_PASSWORD: 'x' } }, "additional properties 'KAFKA_SASL_PASS"],
  ['a setting in the wrong place', { runtimeEnv: { KAFKA_BROKERS: 'kafka:9092' } }, "'KAFKA_BROKERS' does not match"],
  [
    'more workers than partitions',
    store({ replicas: 2, partitions: 6, settings: { WORKERS: 4 } }),
    'replicas (2) with 4 WORKERS each is more than its partitions (6)',
  ],
  ['no worker', { settings: { WORKERS: 0 } }, 'WORKERS'],
  ['more workers than there may be', { settings: { WORKERS: 65 } }, 'WORKERS'],
  ['workers, yes or no', { settings: { WORKERS: true } }, 'WORKERS'],
  ['some workers', store({ settings: { WORKERS: 'some' } }), 'WORKERS'],
  ['a value that nobody knows', { replicaCount: 2 }, "additional properties 'replicaCount'"],
] as const)('%s is refused, with what to do', withKubernetesTools, (_, values, message) => {
  const { status, stderr } = helmTemplate([minimal], values);
  expect(stderr).toContain(message);
  expect(status).toBe(1);
});

test('as many workers as there are processors are taken, whatever the partitions', withKubernetesTools, () => {
  const [pod] = podsOf(manifestsOf([minimal], store({ partitions: 2, settings: { WORKERS: 'auto' } })));
  expect(pod?.containers[0].env).toContainEqual({ name: 'WORKERS', value: 'auto' });
});

test('a name that Kubernetes would not take is refused, with what to do', withKubernetesTools, () => {
  const key = 'web-store-of-the-northern-countries';
  const { stderr } = helmTemplate([minimal], { destinations: { [key]: {} } }, 'the-connector-of-our-shop');
  expect(stderr).toContain('longer than the 63 characters of Kubernetes');
});

function store(values: object) {
  return { destinations: { 'web-store': values } };
}

const modules: Readonly<Record<string, string>> = {
  'keda.sh': '@kubernetes-models/keda/keda.sh',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/monitoring.coreos.com',
  'external-secrets.io': '@kubernetes-models/external-secrets/external-secrets.io',
};

function moduleOf({ apiVersion }: Manifest): string {
  const [group, version] = apiVersion.split('/');
  return version === undefined
    ? `kubernetes-models/${group}`
    : `${modules[group ?? ''] ?? `kubernetes-models/${group}`}/${version}`;
}

/** Patterns, formats, enumerations and what must be there, by the JSON schema of the kind. */
async function checkValues(manifest: Manifest): Promise<void> {
  const path = join(toolsFolder, 'node_modules', moduleOf(manifest), `${manifest.kind}.js`);
  const kinds = (await import(pathToFileURL(path).href)) as Readonly<
    Record<string, new (data: object) => { validate(): void }>
  >;
  const Kind = kinds[manifest.kind];
  if (Kind === undefined) throw new Error(`no schema of ${manifest.apiVersion} ${manifest.kind}`);
  expect(() => new Kind(manifest).validate(), `${manifest.kind} ${manifest.metadata.name}`).not.toThrow();
}

/** Members that a kind doesn't have, which its JSON schema lets through: by the compiler, which doesn't. */
function typeErrors(manifests: readonly Manifest[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  const lines = manifests.map((manifest, at) => {
    const type = `import('${moduleOf(manifest)}').I${manifest.kind}`;
    return `export const manifest${at}: ${type} = ${JSON.stringify(manifest)};`;
  });
  writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'));
  symlinkSync(join(toolsFolder, 'node_modules'), join(folder, 'node_modules'));
  const compiler = resolve(root, 'node_modules/typescript/bin/tsc');
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', ''];
  const { stdout } = spawnSync(process.execPath, [compiler, ...flags, 'manifests.ts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  return stdout;
}

test(
  'the query that scales takes the labels that series have where no ServiceMonitor sets them',
  withKubernetesTools,
  () => {
    const selector = { job: 'connectors', app: 'shop' };
    const { stdout } = helmTemplate([scaledValues], { autoscaling: { selector } });
    expect(stdout).toContain('meta_actions_ready{app="shop",cluster="eu",job="connectors",namespace="data"}');
  },
);

test(
  'KEDA scales by the lag, and keeps the number of pods while a lane is throttled, blocked or paused',
  all(withKubernetesTools, onPrometheus),
  async () => {
    const { spec } = manifestsOf([scaledValues]).find(({ kind }) => kind === 'ScaledObject') ?? {};
    const [{ metadata }] = (spec as { triggers: readonly [{ metadata: { query: string; threshold: string } }] })
      .triggers;
    expect(metadata.threshold).toBe('10000');
    const labels = 'cluster="eu",namespace="data",job="shop-meta-actions-web-store"';
    const lag = (pod: string, records: number) => sample('consumer_lag_records', `pod="${pod}",topic="e"`, records);
    const lane = (state: string) => sample('lane_state', `pod="a",lane="shop",state="${state}"`, 1);
    const sample = (name: string, more: string, value: number) =>
      `{ series: '${`meta_actions_${name}{${labels},${more}}`}', values: '${value}' }`;
    const pods = [sample('ready', 'pod="a"', 1), sample('ready', 'pod="b"', 0)];
    const lags = [lag('a', 50_000), lag('b', 5000), lag('a', 7).replace(labels, 'job="other"')];
    // The value, which KEDA divides by the threshold.
    const cases: readonly (readonly [readonly string[], string])[] = [
      [[...pods, ...lags, lane('running')], '[{ value: 55000 }]'],
      [[...pods, ...lags, lane('retrying')], '[{ value: 55000 }]'],
      ...['throttled', 'blocked', 'paused'].map(
        (state) => [[...pods, ...lags, lane(state)], '[{ value: 20000 }]'] as const,
      ),
      // Of no pod there are no figures, and KEDA changes nothing.
      [[], '[]'],
    ];
    const tests = cases.map(
      ([series, samples]) =>
        `  - { interval: 1m, input_series: [${series.join(', ')}], promql_expr_test: [{ expr: ${JSON.stringify(metadata.query)}, eval_time: 0m, exp_samples: ${samples} }] }`,
    );
    const folder = mkdtempSync(join(tmpdir(), 'query-'));
    writeFileSync(join(folder, 'test.yml'), `tests:\n${tests.join('\n')}\n`);
    const { stderr, status } = spawnSync('promtool', ['test', 'rules', join(folder, 'test.yml')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  },
);
