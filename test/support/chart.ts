import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { env } from 'node:process';

const root = resolve(import.meta.dirname, '../..');
const cache = env['META_ACTIONS_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'meta-actions');
/** Where scripts/kubernetes-tools.sh puts them. */
export const toolsFolder = join(cache, 'kubernetes');
const helm = globSync(join(toolsFolder, 'helm-v*'))[0];
export const hasKubernetesTools = helm !== undefined && existsSync(join(toolsFolder, 'node_modules/yaml'));

export const chartFolder = resolve(root, 'deploy/helm/meta-actions');
export const valueFiles = globSync(join(chartFolder, 'ci/*.yaml')).sort();
export const minimal = join(chartFolder, 'ci/minimal.yaml');

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}

interface Probe {
  readonly httpGet: { readonly path: string };
}

export interface Container {
  readonly args: readonly string[];
  readonly env: readonly Variable[];
  readonly livenessProbe: Probe;
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext: object;
}

export interface Pod {
  readonly containers: readonly [Container];
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: object;
}

/** What `helm template` says. */
export function helmTemplate(files: readonly string[], values: object = {}, release = 'shop') {
  const folder = mkdtempSync(join(tmpdir(), 'values-'));
  const file = join(folder, 'values.json');
  writeFileSync(file, JSON.stringify(values));
  try {
    return runHelm([
      'template',
      release,
      chartFolder,
      ...['--namespace', 'data', '--kube-version', '1.31.0'],
      ...[...files, file].flatMap((each) => ['--values', each]),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function runHelm(parameters: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(helm ?? 'helm', parameters, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** The objects that the chart makes of the values. */
export function manifestsOf(files: readonly string[], values: object = {}): readonly Manifest[] {
  const { status, stdout, stderr } = helmTemplate(files, values);
  if (status !== 0) throw new Error(stderr);
  return (parseYaml(stdout) as readonly (Manifest | null)[]).filter((manifest) => manifest !== null);
}

/** The documents of a file. */
export function parseYaml(text: string): readonly unknown[] {
  const { parseAllDocuments } = createRequire(join(toolsFolder, 'package.json'))('yaml') as {
    parseAllDocuments(text: string): readonly { toJS(): unknown }[];
  };
  return parseAllDocuments(text).map((document) => document.toJS());
}

export function podsOf(manifests: readonly Manifest[]): readonly Pod[] {
  return manifests
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ spec }) => (spec as { template: { spec: Pod } }).template.spec);
}

/** The variables that the chart itself gives a value. */
export function environmentOf({ containers: [container] }: Pod): Readonly<Record<string, string>> {
  return Object.fromEntries(container.env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}
