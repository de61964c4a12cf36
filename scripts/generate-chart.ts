/**
 * Writes what the Helm chart has of the program: its settings into `values.schema.json`, its alerts into `rules.yml`, its version
 * into `Chart.yaml` and what was rendered of it.
 *
 *     node scripts/generate-chart.ts
 *
 * A test fails when they aren't what this would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { packageVersion } from '../src/config/build-info.ts';
import { resolve } from 'node:path';
import { alerts, rulesFile } from './alerts.ts';
import { chartSchema } from './chart-schema.ts';

const chart = resolve(import.meta.dirname, '../deploy/helm/meta-actions');

/** What is to be in each file. */
export function chartFiles(): ReadonlyMap<string, string> {
  return new Map([
    [resolve(chart, 'values.schema.json'), `${JSON.stringify(chartSchema(), null, 2)}\n`],
    [resolve(chart, 'rules.yml'), rulesFile(alerts)],
    versioned(resolve(chart, 'Chart.yaml')),
    versioned(resolve(chart, '../../kubernetes.yaml')),
  ]);
}

/** A file in which the version of the program stands where it stood. */
function versioned(path: string): readonly [string, string] {
  const version = packageVersion();
  const text = readFileSync(path, 'utf8')
    .replaceAll(/^((?:version|appVersion): "?)[\w.-]+?("?)$/gm, `$1${version}$2`)
    .replaceAll(/(app\.kubernetes\.io\/version: "|image: "meta-actions:)[\w.-]+"/g, `$1${version}"`)
    .replaceAll(/(helm\.sh\/chart: meta-actions-).+/g, `$1${version}`);
  return [path, text];
}

if (import.meta.main) for (const [path, text] of chartFiles()) writeFileSync(path, text);
