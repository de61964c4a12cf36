import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { queryOf } from '../../scripts/dashboard.ts';
import { notShown, questions } from '../../scripts/dashboard-panels.ts';
import { dashboardPath, dashboardText } from '../../scripts/generate-dashboard.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { createSupervisorMetrics } from '../../src/workers/supervisor-metrics.ts';

const queries = questions.flatMap(({ panels }) => panels).flatMap((panel) => Object.values(panel.queries));

test('the dashboard is what its table says: run `npm run generate` otherwise', () => {
  expect(readFileSync(dashboardPath, 'utf8')).toBe(dashboardText());
});

test('the dashboard asks for metrics that there are, and for all of them but for named ones', async () => {
  const figures = { version: '1', ready: () => true, lanes: () => [] };
  const metrics = createMetrics({ processMetrics: true, ...figures });
  const ofRun = createSupervisorMetrics({ ...figures, now: Date.now, states: () => [] });
  const types = [...(await ofRun.expose([await metrics.values()])).text.matchAll(/^# TYPE (\S+) (\S+)/gm)];
  const names = types.flatMap(([, name = '', type]) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name],
  );
  const asked = new Set(queries.flatMap((query) => query.match(/\b(?:meta_actions|process|nodejs)_\w+/g) ?? []));
  expect([...asked].filter((name) => !names.includes(name))).toEqual([]);
  const ours = types.map(([, name = '']) => name).filter((name) => name.startsWith('meta_actions_'));
  const shown = (name: string) => ['', '_bucket', '_sum', '_count'].some((end) => asked.has(`${name}${end}`));
  expect(ours.filter((name) => !shown(name)).sort()).toEqual(Object.keys(notShown).sort());
});

test('a query looks at the chosen job and instances, each of its metrics', () => {
  expect(queryOf('rate(meta_actions_a{}[rate]) / sum(meta_actions_b{c="d"})', 'x="y"', '5m')).toBe(
    'rate(meta_actions_a{x="y"}[5m]) / sum(meta_actions_b{x="y",c="d"})',
  );
  for (const query of queries) {
    const metrics = query.match(/\b(?:meta_actions|process|nodejs)_\w+/g) ?? ['ALERTS'];
    expect(queryOf(query).match(/instance=~"\$instance"/g), query).toHaveLength(metrics.length);
  }
});
