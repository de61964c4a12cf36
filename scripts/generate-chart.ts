/**
 * Writes what the Helm chart has of the program: its settings into `values.schema.json`, its alerts into `rules.yml`.
 *
 *     node scripts/generate-chart.ts
 *
 * A test fails when they aren't what this would write.
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { alerts, rulesFile } from './alerts.ts';
import { chartSchema } from './chart-schema.ts';

const chart = resolve(import.meta.dirname, '../deploy/helm/meta-actions');

/** What is to be in each file. */
export function chartFiles(): ReadonlyMap<string, string> {
  return new Map([
    [resolve(chart, 'values.schema.json'), `${JSON.stringify(chartSchema(), null, 2)}\n`],
    [resolve(chart, 'rules.yml'), rulesFile(alerts)],
  ]);
}

if (import.meta.main) for (const [path, text] of chartFiles()) writeFileSync(path, text);
