/**
 * Writes the alerts into `deploy/prometheus/rules.yml` and the table of `docs/operations.md`, and what each is tried with into
 * `deploy/prometheus/rules.test.yml` and the table of `docs/testing.md`.
 *
 *     node scripts/generate-alerts.ts
 *
 * A test fails when they aren't what this would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rulesTestFile, trialsTable } from './alert-tests.ts';
import { alerts, alertsTable, rulesFile } from './alerts.ts';

const root = join(fileURLToPath(new URL('.', import.meta.url)), '..');
const begin = '<!-- alerts: written by scripts/generate-alerts.ts from scripts/alerts.ts -->';
const end = '<!-- end of the alerts -->';

/** What is to be in each file. */
export function alertFiles(): ReadonlyMap<string, string> {
  return new Map([
    [join(root, 'deploy', 'prometheus', 'rules.yml'), rulesFile(alerts)],
    [join(root, 'deploy', 'prometheus', 'rules.test.yml'), rulesTestFile(alerts)],
    pageWith('operations.md', alertsTable(alerts)),
    pageWith('testing.md', trialsTable(alerts)),
  ]);
}

function pageWith(name: string, table: string): readonly [string, string] {
  const page = join(root, 'docs', name);
  const text = readFileSync(page, 'utf8');
  const [before = '', after = ''] = [text.split(begin)[0], text.split(end)[1]];
  return [page, `${before}${begin}\n\n${table}\n\n${end}${after}`];
}

if (import.meta.main) for (const [path, text] of alertFiles()) writeFileSync(path, text);
