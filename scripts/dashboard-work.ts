import { perSecond, type Question, quantile } from './dashboard-panel.ts';

/** Of the connector's own work. */
export const aboutWork: readonly Question[] = [
  {
    question: 'Is it well?',
    panels: [
      {
        title: 'Not ready',
        says: 'Processes whose /readyz fails: it names cause and fix.',
        queries: { 'not ready': 'count(meta_actions_ready{} == 0) or 0 * count(meta_actions_ready{})' },
        as: 'now',
        width: 4,
      },
      {
        title: 'Blocked lanes',
        says: 'A person must act. Nothing is lost meanwhile.',
        queries: { blocked: 'sum(meta_actions_lane_state{state="blocked"})' },
        as: 'now',
        width: 4,
      },
      {
        title: 'Alerts',
        says: 'Those of deploy/prometheus/rules.yml that fire now.',
        queries: { '{{alertname}}': 'count by (alertname) (ALERTS{alertname=~"MetaActions.+",alertstate="firing"})' },
        as: 'table',
      },
      {
        title: 'Trouble',
        says: 'For how long, and the code of the reason.',
        queries: { '{{lane}} {{state}} {{code}}': 'max by (lane, state, code) (meta_actions_lane_trouble_seconds{})' },
        unit: 's',
        as: 'table',
      },
      {
        title: 'What each lane does',
        says: 'Throttled and retrying end by themselves; blocked does not.',
        queries: { '{{lane}}: {{state}}': 'max by (lane, state) (meta_actions_lane_state{}) == 1' },
        as: 'states',
        width: 24,
      },
    ],
  },
  {
    question: 'Is it late?',
    panels: [
      {
        title: "Delay, from a record's time until Meta had it",
        says: 'Half, and 95 of 100 deliveries, took at most this long.',
        queries: {
          'half, {{destination}}': quantile(0.5, 'delivery_delay_seconds'),
          '95 %, {{destination}}': quantile(0.95, 'delivery_delay_seconds'),
        },
        unit: 's',
      },
      {
        title: 'Lag',
        says: 'Records between what is committed and the end of the topic.',
        queries: { '{{topic}}': 'sum by (topic) (meta_actions_consumer_lag_records{})' },
      },
      {
        title: 'Oldest record that is not settled',
        says: 'Alerts at a quarter of an hour.',
        queries: { '{{topic}}': 'max by (topic) (meta_actions_oldest_unsettled_seconds{})' },
        unit: 's',
      },
      {
        title: 'Records a second',
        says: 'Read and settled run together; what they differ by is in flight.',
        queries: {
          'read, {{topic}}': perSecond('records_read_total', 'topic'),
          'settled, {{topic}}': perSecond('records_settled_total', 'topic'),
        },
        unit: 'rps',
      },
      {
        title: 'In flight',
        says: 'Reading pauses at MAX_IN_FLIGHT_RECORDS and MAX_IN_FLIGHT_BYTES.',
        queries: { '{{instance}}': 'meta_actions_in_flight_records{}' },
      },
      {
        title: 'Bytes in flight',
        says: 'Of MAX_IN_FLIGHT_BYTES.',
        queries: { '{{instance}}': 'meta_actions_in_flight_bytes{}' },
        unit: 'bytes',
      },
      {
        title: 'Until every destination waits',
        says: 'How long a blocked lane leaves the others room. No line: for as long as you like.',
        queries: { '{{instance}}': 'meta_actions_window_left_seconds{} < Inf' },
        unit: 's',
      },
      {
        title: 'Until the broker deletes what is held',
        says: 'Then it becomes dead letters, or is parked. No line: nothing is held.',
        queries: { '{{instance}}': 'meta_actions_retention_left_seconds{} < Inf' },
        unit: 's',
      },
      {
        title: 'Left of files',
        says: 'Of sources that are files.',
        queries: { '{{topic}}': 'sum by (topic) (meta_actions_source_left_bytes{})' },
        unit: 'bytes',
      },
    ],
  },
  {
    question: 'What is set aside, and why?',
    panels: [
      {
        title: 'Share of the records that become dead letters',
        says: 'Alerts at 5 %.',
        queries: {
          '{{instance}}':
            'sum by (instance) (rate(meta_actions_set_aside_total{}[rate])) / sum by (instance) (rate(meta_actions_records_read_total{}[rate]))',
        },
        unit: 'percentunit',
      },
      {
        title: 'Dead letters by reason',
        says: 'docs/reference/codes.md says what each code means, and what to do.',
        queries: { '{{code}}': perSecond('dead_letters_total', 'code') },
        unit: 'rps',
      },
      {
        title: 'Dead letters since the start',
        says: 'Where to look first: replay them when the cause is mended.',
        queries: {
          '{{destination}} {{subscription}} {{code}}':
            'sum by (destination, subscription, code) (meta_actions_dead_letters_total{})',
        },
        as: 'table',
      },
      {
        title: 'Skipped by a rule',
        says: 'Not sent, as you or the person wanted.',
        queries: { '{{reason}}': perSecond('skipped_total', 'reason') },
        unit: 'rps',
      },
      {
        title: 'Sent with something left out',
        says: 'Warnings by code and field: what the mapping could do better.',
        queries: { '{{code}} {{field}}': perSecond('warnings_total', 'code, field') },
        unit: 'rps',
      },
      {
        title: 'Parked',
        says: 'What waits in parking topics for a blocked destination.',
        queries: {
          '{{destination}}': 'sum by (destination) (meta_actions_parked_records{})',
          'in, {{destination}}': perSecond('parked_total', 'destination'),
        },
      },
    ],
  },
];
