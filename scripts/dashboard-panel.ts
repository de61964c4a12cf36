/**
 * A panel of `deploy/grafana/meta-actions.json`. `{}` stands for the job and the
 * instances that were chosen, `[rate]` for a range that goes with the resolution.
 */
export interface Panel {
  readonly title: string;
  /** What to make of it. */
  readonly says: string;
  /** Each query with how its lines are called; `{{label}}` for a label. */
  readonly queries: Readonly<Record<string, string>>;
  readonly unit?: 'short' | 's' | 'bytes' | 'percent' | 'percentunit' | 'rps' | 'd';
  /** Default: lines over time. */
  readonly as?: 'now' | 'states' | 'table';
  /** Of 24 columns. Default 8. */
  readonly width?: number;
}

export interface Question {
  readonly question: string;
  readonly panels: readonly Panel[];
}

export const perSecond = (counter: string, by: string) => `sum by (${by}) (rate(meta_actions_${counter}{}[rate]))`;
export const quantile = (share: number, histogram: string) =>
  `histogram_quantile(${share}, sum by (le, destination) (rate(meta_actions_${histogram}_bucket{}[rate])))`;
