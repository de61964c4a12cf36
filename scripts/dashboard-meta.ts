import { perSecond, type Question, quantile } from './dashboard-panel.ts';

/** Of what is at the other end, and of the process itself. */
export const aboutMetaAndProcess: readonly Question[] = [
  {
    question: 'What does Meta say?',
    panels: [
      {
        title: 'Delivered',
        says: 'What Meta took, a second.',
        queries: { '{{destination}} {{subscription}}': perSecond('delivered_total', 'destination, subscription') },
        unit: 'rps',
      },
      {
        title: 'Matched',
        says: 'What the triggers chose, a second.',
        queries: { '{{destination}} {{subscription}}': perSecond('matched_total', 'destination, subscription') },
        unit: 'rps',
      },
      {
        title: 'Requests by outcome',
        says: 'A second.',
        queries: { '{{destination}} {{outcome}}': perSecond('request_duration_seconds_count', 'destination, outcome') },
        unit: 'rps',
      },
      {
        title: 'How long a request takes',
        says: '95 of 100.',
        queries: { '{{destination}}': quantile(0.95, 'request_duration_seconds') },
        unit: 's',
      },
      {
        title: 'Refused requests, by code',
        says: 'docs/reference/codes.md says what each code means.',
        queries: { '{{destination}} {{code}}': perSecond('request_failures_total', 'destination, code') },
        unit: 'rps',
      },
      {
        title: 'Repeated requests, by code',
        says: 'Of lanes that try again by themselves.',
        queries: { '{{lane}} {{code}}': perSecond('retries_total', 'lane, code') },
        unit: 'rps',
      },
      {
        title: 'Usage of rate limits',
        says: 'As Meta reports it. The connector slows down from 75 %, and pauses at 90 %.',
        queries: { '{{lane}}': 'max by (lane) (meta_actions_usage_percent{})' },
        unit: 'percent',
      },
      {
        title: 'Throttled for',
        says: 'How long a lane still waits.',
        queries: { '{{lane}}': 'max by (lane) (meta_actions_lane_throttle_left_seconds{})' },
        unit: 's',
      },
      {
        title: 'Pauses because of rate limits',
        says: 'In an hour.',
        queries: { '{{lane}}': 'sum by (lane) (increase(meta_actions_lane_throttled_total{}[1h]))' },
      },
      {
        title: 'Events in a batch',
        says: 'On the average. Larger batches need fewer requests.',
        queries: {
          '{{destination}}': `${perSecond('batch_deliveries_sum', 'destination')} / ${perSecond('batch_deliveries_count', 'destination')}`,
        },
      },
      {
        title: 'Batches by what closed them',
        says: 'linger: few events; count, bytes: full ones.',
        queries: { '{{trigger}}': perSecond('batches_total', 'trigger') },
        unit: 'rps',
      },
      {
        title: 'Days until the API version ends',
        says: 'Then Meta refuses it. Alerts at 30 days. No line: Meta has named no end.',
        queries: {
          '{{destination}} {{api}}': 'min by (destination, api) (meta_actions_api_version_days_left{} < Inf)',
        },
        unit: 'd',
      },
    ],
  },
  {
    question: 'Who is recognized, and what becomes of audiences?',
    panels: [
      {
        title: 'Share of the events with an identifier',
        says: 'The more of them, the more people Meta recognizes.',
        queries: {
          '{{destination}} {{subscription}} {{field}}':
            'avg by (destination, subscription, field) (meta_actions_match_key_ratio{})',
        },
        unit: 'percentunit',
      },
      {
        title: 'Identifiers that are missing or unusable',
        says: 'A second, by field.',
        queries: {
          '{{field}} {{status}}':
            'sum by (field, status) (rate(meta_actions_identifiers_total{status=~"missing|junk|unusable"}[rate]))',
        },
        unit: 'rps',
      },
      {
        title: 'Changes of audiences',
        says: 'Delivered a second, by action.',
        queries: {
          '{{destination}} {{action}}':
            'sum by (destination, action) (rate(meta_actions_delivered_total{action=~".*audience.*"}[rate]))',
        },
        unit: 'rps',
      },
      {
        title: 'Lanes of audiences',
        says: 'How many do what.',
        queries: { '{{state}}': 'sum by (state) (meta_actions_lane_state{lane=~"audience.*"})' },
      },
      {
        title: 'Partitions that wait for an earlier process',
        says: 'Their changes of audiences wait for 35 s after a kill.',
        queries: { '{{instance}}': 'sum by (instance) (meta_actions_hand_over_waiting{})' },
      },
      {
        title: 'Events that are marked as tests',
        says: 'Subscriptions with a test_event_code: not for production.',
        queries: {
          '{{destination}} {{subscription}}': 'max by (destination, subscription) (meta_actions_test_event_code{})',
        },
      },
    ],
  },
  {
    question: 'How is the process?',
    panels: [
      {
        title: 'Version',
        says: 'What runs, and on which Node.',
        queries: { '{{version}} on {{node}}': 'count by (version, node) (meta_actions_build_info{})' },
        as: 'table',
      },
      {
        title: 'Up for',
        says: 'Since the last start.',
        queries: { '{{instance}}': 'time() - process_start_time_seconds{}' },
        unit: 's',
      },
      {
        title: 'Partitions',
        says: 'How many each process has. More processes than partitions have nothing to do.',
        queries: { '{{instance}}': 'sum by (instance) (meta_actions_partition_assigned{})' },
      },
      {
        title: 'Processor',
        says: 'Of one: a process uses hardly more than one.',
        queries: { '{{instance}}': 'rate(process_cpu_seconds_total{}[rate])' },
        unit: 'percentunit',
      },
      {
        title: 'Memory',
        says: 'Resident.',
        queries: { '{{instance}}': 'process_resident_memory_bytes{}' },
        unit: 'bytes',
      },
      {
        title: 'Delay of the event loop',
        says: 'Of 100, the longest but one. Seconds mean that the machine is too busy.',
        queries: { '{{instance}}': 'nodejs_eventloop_lag_p99_seconds{}' },
        unit: 's',
      },
      {
        title: 'Commits, letters and parked records that could not be written',
        says: 'In an hour. Offsets wait for them.',
        queries: {
          'commits, {{result}}': 'sum by (result) (increase(meta_actions_commit_failures_total{}[1h]))',
          'dead letters': 'sum(increase(meta_actions_dead_letter_write_failures_total{}[1h]))',
          'parking, {{destination}}':
            'sum by (destination) (increase(meta_actions_parking_write_failures_total{}[1h]))',
        },
      },
      {
        title: 'Reloads of the mappings, and bugs',
        says: 'In an hour. A refused one changed nothing. A bug is one dead letter: please report it.',
        queries: {
          '{{result}}': 'sum by (result) (increase(meta_actions_config_reloads_total{}[1h]))',
          bugs: 'sum(increase(meta_actions_bugs_total{}[1h]))',
        },
      },
      {
        title: 'Messages to the webhook',
        says: 'In an hour. Failed tries are repeated; the log names why.',
        queries: { '{{result}}': 'sum by (result) (increase(meta_actions_notifications_total{}[1h]))' },
      },
      {
        title: 'Workers',
        says: 'Of runs with `--workers`, by what they do, and how many were started again in an hour.',
        queries: {
          '{{state}}': 'sum by (state) (meta_actions_workers{})',
          'started again': 'sum(increase(meta_actions_worker_restarts_total{}[1h]))',
        },
      },
      {
        title: 'Partitions that wait for schemas',
        says: 'The schema registry is away.',
        queries: { '{{instance}}': 'meta_actions_partitions_waiting_for_schemas{}' },
      },
    ],
  },
];
