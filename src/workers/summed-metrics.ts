import { AggregatorRegistry, type Registry } from 'prom-client';
import type { MetricValues } from '../observe/metrics.ts';

/** Metrics of several processes, added up by the aggregator that each metric names. */
export function addUp(all: readonly MetricValues[]): Registry {
  return AggregatorRegistry.aggregate(all.map((values) => values.map(withWorstLag)));
}

/** The same as values, to be added up again. */
export function addUpValues(all: readonly MetricValues[]): MetricValues {
  // The metrics of a sum are plain values, unlike those that a registry makes of what it observes.
  return addUp(all).getMetricsAsArray() as unknown as MetricValues;
}

/**
 * What a process that has ended had counted. Together with the others it goes on being counted: a sum that falls would be
 * taken for a restart of everything, and what the others had counted for new.
 */
export function countedBy(values: MetricValues): MetricValues {
  return values.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
}

/** Of the delays of the event loop prom-client makes averages, which hide the one process that hangs. */
function withWorstLag(metric: MetricValues[number]): MetricValues[number] {
  const isAveraged = metric.aggregator === 'average' && metric.name.startsWith('nodejs_eventloop_lag');
  return isAveraged ? { ...metric, aggregator: 'max' } : metric;
}
