/** The alerts: `deploy/prometheus/rules.yml` and the table of `docs/operations.md` are made of them, and a test provokes each. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold; absent: at once. */
  readonly for?: string;
  /** `critical`: records wait, or soon will. */
  readonly severity: 'critical' | 'warning';
  /** Why, and what to do. */
  readonly because: string;
}

export const alerts: readonly Alert[] = [
  {
    alert: 'MetaActionsNotReady',
    expr: 'meta_actions_ready == 0',
    for: '10m',
    severity: 'critical',
    because: 'something of it stands still: `/readyz` says what, and what to do',
  },
  {
    alert: 'MetaActionsLaneBlocked',
    expr: 'meta_actions_lane_blocked > 0',
    for: '5m',
    severity: 'critical',
    because: 'somebody must act; `/readyz` says what',
  },
  {
    alert: 'MetaActionsWindowShort',
    expr: 'meta_actions_window_left_seconds < 1800',
    severity: 'critical',
    because: 'soon every destination waits',
  },
  {
    alert: 'MetaActionsRetentionShort',
    expr: 'meta_actions_retention_left_seconds < 7200',
    severity: 'critical',
    because: 'the broker will delete what is held: fix the lane, or lengthen the retention',
  },
  {
    alert: 'MetaActionsParkingFails',
    expr: 'increase(meta_actions_parking_write_failures_total[5m]) > 0',
    severity: 'critical',
    because: 'offsets wait',
  },
  {
    alert: 'MetaActionsDeadLettersFail',
    expr: 'increase(meta_actions_dead_letter_write_failures_total[5m]) > 0',
    severity: 'critical',
    because: 'offsets wait; `/readyz` says why the letters can not be written',
  },
  {
    alert: 'MetaActionsOldRecords',
    expr: 'max by (instance, topic) (meta_actions_oldest_unsettled_seconds) > 900',
    for: '5m',
    severity: 'warning',
    because: 'a record has waited for a quarter of an hour: throttled, blocked, retried, or too few processes',
  },
  {
    alert: 'MetaActionsLagGrows',
    expr: 'sum by (instance, topic) (deriv(meta_actions_consumer_lag_records[15m])) > 0 and sum by (instance, topic) (min_over_time(meta_actions_consumer_lag_records[15m])) > 1000',
    for: '15m',
    severity: 'warning',
    because: 'throttled, blocked, or too few processes',
  },
  {
    alert: 'MetaActionsDeadLetters',
    expr: 'sum by (instance, job) (increase(meta_actions_set_aside_total[15m])) > 0.05 * sum by (instance, job) (increase(meta_actions_records_read_total[15m]))',
    severity: 'warning',
    because: 'more than 5 % of the records are set aside: look at the label `code` of `dead_letters_total`',
  },
  {
    alert: 'MetaActionsRetrying',
    expr: 'meta_actions_lane_state{state="retrying"} == 1',
    for: '5m',
    severity: 'warning',
    because: 'Meta or the network is unwell; nothing is lost',
  },
  {
    alert: 'MetaActionsThrottled',
    expr: 'meta_actions_lane_state{state="throttled"} == 1',
    for: '30m',
    severity: 'warning',
    because: 'Meta limits the rate for long: fewer, larger batches, or a higher access tier',
  },
  {
    alert: 'MetaActionsUsageHigh',
    expr: 'meta_actions_usage_percent > 80',
    severity: 'warning',
    because: 'a rate limit comes near',
  },
  {
    alert: 'MetaActionsSchemasMissing',
    expr: 'meta_actions_partitions_waiting_for_schemas > 0',
    for: '5m',
    severity: 'critical',
    because: 'the schema registry is away: `/readyz` names cause and fix',
  },
  {
    alert: 'MetaActionsHandOverWaits',
    expr: 'meta_actions_hand_over_waiting == 1',
    for: '5m',
    severity: 'warning',
    because: 'changes of audiences wait for a commit: look at `commit_failures_total`',
  },
  {
    alert: 'MetaActionsCommitsFail',
    expr: 'increase(meta_actions_commit_failures_total{result="failed"}[15m]) > 3',
    severity: 'warning',
    because: 'after a restart more is repeated',
  },
  {
    alert: 'MetaActionsBug',
    expr: 'increase(meta_actions_bugs_total[15m]) > 0',
    severity: 'warning',
    because: 'the program failed on a record: please report it; the log names the fingerprint',
  },
  {
    alert: 'MetaActionsWorkerRestarts',
    expr: 'increase(meta_actions_worker_restarts_total[15m]) > 0',
    severity: 'warning',
    because:
      'a worker of `--workers` ended, and each end repeats a little: the log lines before `worker_ended` say of what',
  },
  {
    alert: 'MetaActionsReloadRefused',
    expr: 'increase(meta_actions_config_reloads_total{result="refused"}[15m]) > 0',
    severity: 'warning',
    because: "somebody's change is not in force",
  },
  {
    alert: 'MetaActionsVersionEnds',
    expr: 'meta_actions_api_version_days_left < 30',
    severity: 'warning',
    because: 'Meta will refuse the version of a destination: set another `api_version` and reload',
  },
];

/** As a file of Prometheus' rules. `shortened`: how a duration is to be written. */
export function rulesFile(list: readonly Alert[], shortened: (duration: string) => string = (same) => same): string {
  const rules = list.map(({ alert, expr, for: holds, severity, because }) =>
    [
      `      - alert: ${alert}`,
      `        expr: ${JSON.stringify(expr.replaceAll(/\[(\w+)\]/g, (_, range: string) => `[${shortened(range)}]`))}`,
      ...(holds === undefined ? [] : [`        for: ${shortened(holds)}`]),
      `        labels: { severity: ${severity} }`,
      `        annotations: { summary: ${JSON.stringify(because)} }`,
    ].join('\n'),
  );
  return `# Written by scripts/generate-alerts.ts from scripts/alerts.ts: change that.\ngroups:\n  - name: meta-actions\n    rules:\n${rules.join('\n')}\n`;
}

/** The table of `docs/operations.md`. */
export function alertsTable(list: readonly Alert[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = list.map(({ alert, expr, for: holds, because }) => {
    const condition = `\`${expr.replaceAll('meta_actions_', '')}\`${holds === undefined ? '' : ` for ${holds}`}`;
    return `| \`${alert.replace('MetaActions', '')}\` | ${cell(condition)} | ${cell(because)} |`;
  });
  return ['| alert | on | because |', '|---|---|---|', ...rows].join('\n');
}
