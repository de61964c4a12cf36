/** What bounds events a second on the way to Meta; docs/guides/throughput.md has the same in words. */
export interface Load {
  /** Milliseconds from a request to its answer. */
  readonly latency: number;
  /** Events, or rows, of a request at full load. */
  readonly batch: number;
  /** Requests under way at once: REQUESTS_PER_LANE for a pixel, 1 for an audience. */
  readonly underWay: number;
  /** Pixels, or audiences, that are fed at once. */
  readonly lanes: number;
  /** Calls that Meta allows in an hour, of all lanes of the app in an ad account; absent: no limit that is known. */
  readonly callsAnHour?: number | undefined;
  /** Microseconds of processor time of an event. */
  readonly cost: number;
  /** Processes, each with a core. */
  readonly processes: number;
}

/** Events a second by each bound, and the least of them. */
export interface Throughput {
  readonly answers: number;
  readonly quota: number;
  readonly processors: number;
  readonly least: number;
  readonly boundBy: 'answers' | 'quota' | 'processors';
}

export function throughput(load: Load): Throughput {
  const answers = (load.lanes * load.underWay * load.batch * 1000) / load.latency;
  const quota = load.callsAnHour === undefined ? Number.POSITIVE_INFINITY : (load.callsAnHour * load.batch) / 3600;
  const processors = (load.processes * 1_000_000) / load.cost;
  const least = Math.min(answers, quota, processors);
  const boundBy = least === quota ? 'quota' : least === answers ? 'answers' : 'processors';
  return { answers, quota, processors, least, boundBy };
}
