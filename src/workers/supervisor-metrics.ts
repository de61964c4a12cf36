import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { LaneStatus } from '../core/lane-state.ts';
import { prefix } from '../observe/instruments.ts';
import { exposeLanes } from '../observe/lane-metrics.ts';
import { exposeBuild, exposeReady, type MetricValues } from '../observe/metrics.ts';
import { addUp, addUpValues, countedBy } from './summed-metrics.ts';
import type { WorkerState } from './worker.ts';

export interface SupervisorMetricsOptions {
  readonly version: string;
  /** Unix milliseconds. */
  now(): number;
  states(): readonly WorkerState[];
  lanes(): readonly LaneStatus[];
  ready(): boolean;
}

/** The metrics of a run with workers: theirs added up, and those that only the supervisor can tell. */
export interface SupervisorMetrics {
  restarted(): void;
  /** What the process of a worker that has ended had counted stays counted. */
  keep(values: MetricValues): void;
  expose(ofWorkers: readonly MetricValues[]): Promise<{ readonly text: string; readonly contentType: string }>;
}

/** Between looks at the event loop, for its delay: by default there are a hundred a second, which is most of what it does. */
const delaySampleMillis = 100;

const states = ['starting', 'running', 'restarting'] as const;

export function createSupervisorMetrics(options: SupervisorMetricsOptions): SupervisorMetrics {
  const own = new Registry();
  const ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess, eventLoopMonitoringPrecision: delaySampleMillis });
  // Of workers it is left out: the run is as old as its supervisor.
  const startTime = ofProcess.getSingleMetric('process_start_time_seconds');
  if (startTime !== undefined) own.registerMetric(startTime);
  exposeLanes(own, prefix, options.lanes, options.now);
  exposeReady(own, options.ready);
  exposeBuild(own, options.version);
  new Gauge({
    name: `${prefix}workers`,
    help: 'Workers of the run (--workers), by what they do: starting, running or restarting.',
    labelNames: ['state'],
    registers: [own],
    collect() {
      const all = options.states();
      for (const state of states) this.set({ state }, all.filter((each) => each === state).length);
    },
  });
  const restarts = new Counter({
    name: `${prefix}worker_restarts_total`,
    help: 'Workers that had ended and were started again.',
    registers: [own],
  });
  let kept: MetricValues = [];

  return {
    restarted: () => restarts.inc(),
    keep(values) {
      kept = addUpValues([kept, countedBy(values)]);
    },
    async expose(ofWorkers) {
      // At one moment: a worker that ends meanwhile would be counted twice.
      const counted = [...ofWorkers, kept];
      const sum = addUp([...counted, await ofProcess.getMetricsAsJSON()]);
      const all = Registry.merge([sum, own]);
      return { text: await all.metrics(), contentType: all.contentType };
    },
  };
}
