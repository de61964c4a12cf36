import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alertTrials } from '../../scripts/alert-tests.ts';
import { alerts } from '../../scripts/alerts.ts';
import { alertFiles } from '../../scripts/generate-alerts.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { createSupervisorMetrics } from '../../src/workers/supervisor-metrics.ts';

describe('the alerts', () => {
  test('are in the rules and in the documentation as they are written: run `npm run generate` otherwise', () => {
    for (const [path, text] of alertFiles()) expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('are each tried', () => {
    expect(Object.keys(alertTrials).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  test('ask for metrics that there are', async () => {
    const figures = { version: '1', ready: () => true, lanes: () => [] };
    const metrics = createMetrics({ processMetrics: false, ...figures });
    const ofRun = createSupervisorMetrics({ ...figures, now: Date.now, states: () => [] });
    const { text } = await ofRun.expose([await metrics.values()]);
    const names = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    for (const { alert, expr } of alerts) {
      for (const [name] of expr.matchAll(/meta_actions_\w+/g)) expect(names, alert).toContain(name);
    }
  });
});
