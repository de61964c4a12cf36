import type { Panel, Question } from './dashboard-panel.ts';
import { questions } from './dashboard-panels.ts';

const columns = 24;
const height = 7;
const chosen = 'job=~"$job",instance=~"$instance"';
const source = { type: 'prometheus', uid: '$datasource' };

/** A query of a panel as Prometheus takes it, where the dashboard's variables are filled in. */
export function queryOf(text: string, selector = chosen, rate = '$__rate_interval'): string {
  const selected = text.replaceAll(/(\b(?:meta_actions|process|nodejs)_\w+|ALERTS)\{([^}]*)\}/g, (_, name, own) =>
    own === '' ? `${name}{${selector}}` : `${name}{${selector},${own}}`,
  );
  return selected.replaceAll('[rate]', `[${rate}]`);
}

/** The dashboard in Grafana's format. */
export function dashboard(): object {
  const panels: object[] = [];
  let y = 0;
  for (const question of questions) {
    panels.push({
      ...numbered(panels),
      type: 'row',
      title: question.question,
      collapsed: false,
      panels: [],
      gridPos: at(0, y, columns, 1),
    });
    y += 1;
    y = layOut(question, y, panels);
  }
  return {
    title: 'meta-actions',
    uid: 'meta-actions',
    description: 'Written by scripts/generate-dashboard.ts from scripts/dashboard-panels.ts: change that.',
    tags: ['meta-actions'],
    schemaVersion: 39,
    editable: true,
    annotations: { list: [] },
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        datasource(),
        variable('job', 'meta_actions_ready'),
        variable('instance', 'meta_actions_ready{job=~"$job"}'),
      ],
    },
    panels,
  };
}

function layOut({ panels: wanted }: Question, top: number, panels: object[]): number {
  let [x, y] = [0, top];
  for (const panel of wanted) {
    const width = panel.width ?? 8;
    if (x + width > columns) [x, y] = [0, y + height];
    panels.push({ ...numbered(panels), ...drawn(panel), gridPos: at(x, y, width, height) });
    x += width;
  }
  return y + height;
}

function numbered(panels: readonly object[]) {
  return { id: panels.length + 1 };
}

function at(x: number, y: number, w: number, h: number) {
  return { x, y, w, h };
}

function drawn({ title, says, queries, unit = 'short', as }: Panel) {
  const now = as === 'now' || as === 'table';
  const targets = Object.entries(queries).map(([legendFormat, text], index) => ({
    refId: String.fromCharCode(65 + index),
    datasource: source,
    expr: queryOf(text),
    legendFormat,
    ...(now && { instant: true }),
    ...(as === 'table' && { format: 'table' }),
  }));
  const defaults = { unit, ...(as === undefined && { min: 0 }), ...(as === 'now' && { thresholds: redAboveZero }) };
  return {
    ...shapes[as ?? 'lines'],
    title,
    description: says,
    datasource: source,
    targets,
    fieldConfig: { defaults, overrides: [] },
  };
}

const redAboveZero = {
  mode: 'absolute',
  steps: [
    { color: 'green', value: null },
    { color: 'red', value: 1 },
  ],
};

function legend(showLegend: boolean) {
  return { showLegend, displayMode: 'list', placement: 'bottom', calcs: [] };
}

const shapes = {
  lines: { type: 'timeseries', options: { legend: legend(true), tooltip: { mode: 'multi', sort: 'desc' } } },
  now: { type: 'stat', options: { colorMode: 'background', reduceOptions: { calcs: ['lastNotNull'] } } },
  states: { type: 'state-timeline', options: { showValue: 'never', legend: legend(false) } },
  table: {
    type: 'table',
    transformations: [{ id: 'organize', options: { excludeByName: { Time: true } } }],
  },
} as const;

function datasource() {
  return { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' };
}

function variable(name: string, of: string) {
  return {
    name,
    type: 'query',
    datasource: source,
    query: { query: `label_values(${of}, ${name})`, refId: name },
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
    refresh: 2,
  };
}
