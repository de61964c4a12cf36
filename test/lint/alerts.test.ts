import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alertTrials } from '../../scripts/alert-tests.ts';
import { alerts } from '../../scripts/alerts.ts';
import { alertFiles } from '../../scripts/generate-alerts.ts';
import { createMetrics } from '../../src/observe/metrics.ts';

describe('the alerts', () => {
  test('are in the rules and in the documentation as they are written: run `npm run generate` otherwise', () => {
    for (const [path, text] of alertFiles()) expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('are each tried', () => {
    expect(Object.keys(alertTrials).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  test('ask for metrics that there are', async () => {
    const metrics = createMetrics({ processMetrics: false, version: '1', ready: () => true, lanes: () => [] });
    const names = new Set([...(await metrics.expose()).text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    for (const { alert, expr } of alerts) {
      for (const [name] of expr.matchAll(/meta_actions_\w+/g)) expect(names, alert).toContain(name);
    }
  });
});
