import type { Traffic } from '../../api/traffic/traffic.ts';
import type { Circumstances, Facts, ShownWorker } from '../../api/views/facts.ts';
import type { Run } from '../supervisor.ts';
import type { Worker } from '../worker.ts';

/** The facts of a run as they were told last. */
export function factsOfRun(run: Run, circumstances: Circumstances, traffic: Traffic): Facts {
  const sums = run.known.runFacts();
  const workers = run.workers().map((worker) => shownWorker(worker, run));
  return {
    ...circumstances,
    // What a setting bounds for a process it bounds for each worker.
    maxInFlightBytes: circumstances.maxInFlightBytes * workers.length,
    ...{ traffic, workers },
    phase: () => (run.isStopping() ? 'stopping' : sums.phase),
    lanes: () => sums.lanes,
    partitions: () => sums.partitions,
    heldPartitions: () => sums.heldPartitions,
    writeFailures: () => sums.writeFailures,
    waits: () => sums.waits,
    inFlight: () => sums.inFlight,
    parked: () => sums.parked,
    matchQuality: () => sums.matchQuality,
    changedAudiences: () => sums.changedAudiences,
    holds: { of: (name) => sums.holds.get(name) ?? { state: 'none', waiting: 0 } },
    // Workers do it when they are asked.
    refresh: () => undefined,
    askAudience: () => undefined,
  };
}

function shownWorker(worker: Worker, { known }: Run): ShownWorker {
  const state = stateOf(worker);
  const partitions = state === 'running' ? (known.facts(worker.number)?.partitions.length ?? 0) : 0;
  return { worker: worker.number, state, partitions };
}

function stateOf(worker: Worker): ShownWorker['state'] {
  if (worker.isSilent()) return 'silent';
  const state = worker.state();
  return state === 'ended' ? 'restarting' : state;
}
