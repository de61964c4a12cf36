import type { Alert } from './alerts.ts';

/** What one alert is tried with, in `deploy/prometheus/rules.test.yml` and in words in `docs/testing.md`. */
interface AlertTrial {
  /** What is the matter, in words. */
  readonly when: string;
  /** Each series as it is while all is well, and while it isn't. */
  readonly series: Readonly<Record<string, readonly [well: Figures, wrong: Figures]>>;
  /** What the alert tells of where it is, besides its severity. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A figure that stays, or where it begins and by how much it grows a minute. */
type Figures = number | readonly [from: number, perMinute: number];

const at = { topic: 'orders', partition: '0' };
const still = [0, 0] as const;

export const alertTrials: Readonly<Record<string, AlertTrial>> = {
  MetaActionsNotReady: {
    when: 'a process whose `/readyz` fails',
    series: { meta_actions_ready: [1, 0] },
  },
  MetaActionsLaneBlocked: {
    when: 'a lane that Meta refuses: an expired token at the sandbox',
    series: { 'meta_actions_lane_blocked{lane="shop"}': [0, 1] },
    labels: { lane: 'shop' },
  },
  MetaActionsWindowShort: {
    when: 'a blocked lane that has filled what may be in flight in ten minutes',
    series: { meta_actions_window_left_seconds: [36_000, 600] },
  },
  MetaActionsRetentionShort: {
    when: 'a held record that the broker deletes in an hour',
    series: { meta_actions_retention_left_seconds: [360_000, 3600] },
  },
  MetaActionsParkingFails: {
    when: 'a parking topic that takes nothing',
    series: { 'meta_actions_parking_write_failures_total{destination="shop"}': [still, [1, 1]] },
    labels: { destination: 'shop' },
  },
  MetaActionsDeadLettersFail: {
    when: 'a place for dead letters that takes nothing',
    series: { meta_actions_dead_letter_write_failures_total: [still, [1, 1]] },
  },
  MetaActionsOldRecords: {
    when: 'a record that has waited for twenty minutes',
    series: { 'meta_actions_oldest_unsettled_seconds{instance="a",topic="orders",partition="0"}': [1, 1200] },
    labels: { instance: 'a', topic: 'orders' },
  },
  MetaActionsLagGrows: {
    when: 'a lag of 2,000 records that grows by 100 a minute',
    series: { 'meta_actions_consumer_lag_records{instance="a",topic="orders",partition="0"}': [12, [2000, 100]] },
    labels: { instance: 'a', topic: 'orders' },
  },
  MetaActionsDeadLetters: {
    when: 'every fifth record set aside',
    series: {
      'meta_actions_set_aside_total{instance="a",job="connector"}': [still, [10, 10]],
      'meta_actions_records_read_total{instance="a",job="connector",topic="orders"}': [
        [0, 50],
        [1500, 50],
      ],
    },
    labels: { instance: 'a', job: 'connector' },
  },
  MetaActionsRetrying: {
    when: 'a Meta that answers 502',
    series: { 'meta_actions_lane_state{lane="shop",state="retrying"}': [0, 1] },
    labels: { lane: 'shop', state: 'retrying' },
  },
  MetaActionsThrottled: {
    when: 'a lane that Meta makes wait for an hour',
    series: { 'meta_actions_lane_state{lane="shop",state="throttled"}': [0, 1] },
    labels: { lane: 'shop', state: 'throttled' },
  },
  MetaActionsUsageHigh: {
    when: 'a usage of 85 %',
    series: { 'meta_actions_usage_percent{lane="shop"}': [20, 85] },
    labels: { lane: 'shop' },
  },
  MetaActionsSchemasMissing: {
    when: 'two partitions that wait for schemas',
    series: { meta_actions_partitions_waiting_for_schemas: [0, 2] },
  },
  MetaActionsHandOverWaits: {
    when: 'a partition whose last owner did not leave in order',
    series: { 'meta_actions_hand_over_waiting{topic="orders",partition="0"}': [0, 1] },
    labels: at,
  },
  MetaActionsCommitsFail: {
    when: 'a commit a minute that fails',
    series: { 'meta_actions_commit_failures_total{result="failed"}': [still, [1, 1]] },
    labels: { result: 'failed' },
  },
  MetaActionsBug: {
    when: 'a record a minute that the program fails on',
    series: { meta_actions_bugs_total: [still, [1, 1]] },
  },
  MetaActionsWorkerRestarts: {
    when: 'a worker a minute that ends and is started again',
    series: { meta_actions_worker_restarts_total: [still, [1, 1]] },
  },
  MetaActionsReloadRefused: {
    when: 'mappings that can not be used',
    series: { 'meta_actions_config_reloads_total{result="refused"}': [still, [1, 1]] },
    labels: { result: 'refused' },
  },
  MetaActionsVersionEnds: {
    when: 'a version that ends in 12 days',
    series: { 'meta_actions_api_version_days_left{destination="shop",api="graph"}': [300, 12] },
    labels: { destination: 'shop', api: 'graph' },
  },
};

/** Minutes for which all is well, then wrong, then well again. */
const [well, wrong, healed] = [30, 60, 60] as const;

/**
 * Unit tests for `promtool test rules`: each alert is silent before the trouble, silent until it has lasted as long as the alert
 * asks for, then fires, and is silent again when it is over; the others are silent all the time.
 */
export function rulesTestFile(alerts: readonly Alert[]): string {
  const tests = alerts.map((alert) => {
    const { series = {}, labels = {} } = alertTrials[alert.alert] ?? {};
    const told = { severity: alert.severity, ...labels };
    const fired = `[{ exp_labels: ${JSON.stringify(told)}, exp_annotations: { summary: ${JSON.stringify(alert.because)} } }]`;
    const needed = alert.for === undefined ? 0 : Number.parseInt(alert.for, 10);
    const silent = [well - 1, ...(needed > 0 ? [well + needed - 1] : []), well + wrong + healed - 1];
    const checks = [
      ...silent.map((minute) => checkAt(minute, alert.alert, '[]')),
      checkAt(well + wrong - 1, alert.alert, fired),
      ...alerts.filter((other) => other !== alert).map((other) => checkAt(well + wrong - 1, other.alert, '[]')),
    ];
    return [
      `  - name: ${alert.alert}`,
      '    interval: 1m',
      '    input_series:',
      ...Object.entries(series).map(([name, figures]) => inputOf(name, figures)),
      '    alert_rule_test:',
      ...checks,
    ].join('\n');
  });
  return `# Written by scripts/generate-alerts.ts from scripts/alert-tests.ts: change that.\n#   promtool test rules deploy/prometheus/rules.test.yml\nrule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n${tests.join('\n')}\n`;
}

function checkAt(minute: number, alert: string, expected: string): string {
  return `      - { eval_time: ${minute}m, alertname: ${alert}, exp_alerts: ${expected} }`;
}

function inputOf(name: string, [wellFigures, wrongFigures]: readonly [Figures, Figures]): string {
  const [end, growth] = partsOf(wrongFigures);
  // A counter stays where it was; a gauge goes back.
  const after = name.includes('_total') ? [end + growth * (wrong - 1), 0] : partsOf(wellFigures);
  const values = [stretch(partsOf(wellFigures), well), stretch([end, growth], wrong), stretch(after, healed)];
  return `      - { series: ${JSON.stringify(name)}, values: "${values.join(' ')}" }`;
}

function partsOf(figures: Figures): readonly [number, number] {
  return typeof figures === 'number' ? [figures, 0] : figures;
}

/** As promtool writes it: the first value, and how it grows how often. */
function stretch([from = 0, growth = 0]: readonly number[], minutes: number): string {
  return `${from}+${growth}x${minutes - 1}`;
}

/** The table of `docs/testing.md`. */
export function trialsTable(alerts: readonly Alert[]): string {
  const rows = alerts.map(({ alert }) => `| \`${alert}\` | ${alertTrials[alert]?.when} |`);
  return ['| alert | fired for |', '|---|---|', ...rows].join('\n');
}
