import { type Handlers, type Refused, refuse } from '../../api/server/handler.ts';
import { destinationAnswer, noDestination } from '../../api/views/destinations.ts';
import type { Facts } from '../../api/views/facts.ts';
import { noLane } from '../../api/views/holds.ts';
import { lanesAnswer } from '../../api/views/lanes.ts';
import { heldAfter, type HoldOrder, noHolds, type RunHolds } from '../run-holds.ts';
import type { Run } from '../supervisor.ts';
import type { Worker } from '../worker.ts';

type Names = 'pauseDestination' | 'drainDestination' | 'resumeDestination' | 'pauseLane' | 'resumeLane';

/** What people have stopped in the whole run. */
export interface HeldRun {
  /** A process of a worker begins, and stops what is stopped before events flow. */
  begin(worker: Worker): void;
  /** Resolves with the workers that have not said that it is done. */
  take(order: HoldOrder, workers: readonly Worker[]): Promise<readonly number[]>;
}

const answerMillis = 3_000;

export function createHeldRun(): HeldRun {
  let holds: RunHolds = noHolds;
  return {
    begin(worker) {
      worker.order({ kind: 'held', holds });
    },
    async take(order, workers) {
      holds = heldAfter(holds, order);
      const there = workers.filter((worker) => worker.state() === 'running' || worker.state() === 'starting');
      // One that is starting knows it by this; the answer is that of one that runs.
      for (const worker of there) worker.order({ kind: 'held', holds });
      const answers = await Promise.all(
        there.map((worker) => worker.ask('hold', order, { withinMillis: answerMillis })),
      );
      return there.flatMap((worker, at) =>
        answers[at] === true || worker.state() !== 'running' ? [] : [worker.number],
      );
    },
  };
}

export interface HoldHandlerParts {
  readonly run: Run;
  readonly held: HeldRun;
  /** As they are now. */
  facts(): Promise<Facts>;
  /** As they are after the call. */
  factsAnew(): Promise<Facts>;
}

/** What a person may do to a destination or a lane: every worker does it, also one that is started later. */
export function runHoldHandlers({ run, held, facts, factsAnew }: HoldHandlerParts): Handlers<Names> {
  async function toAll(order: HoldOrder): Promise<Refused | undefined> {
    const failed = await held.take(order, run.workers());
    return failed.length === 0 ? undefined : partly(failed);
  }

  async function ofDestination(what: 'pause' | 'drain' | 'resume', name = '') {
    const { destinations } = await facts();
    if (!destinations().some((each) => each.name === name)) return noDestination;
    return (await toAll({ what, name })) ?? destinationAnswer(await factsAnew(), name);
  }

  async function ofLane(what: 'pauseLane' | 'resumeLane', name = '') {
    const { lanes } = await facts();
    if (!lanes().some(({ lane }) => lane === name)) return noLane;
    return (await toAll({ what, name })) ?? lanesAnswer(await factsAnew());
  }

  return {
    pauseDestination: ({ params }) => ofDestination('pause', params['name']),
    drainDestination: ({ params }) => ofDestination('drain', params['name']),
    resumeDestination: ({ params }) => ofDestination('resume', params['name']),
    pauseLane: ({ params }) => ofLane('pauseLane', params['name']),
    resumeLane: ({ params }) => ofLane('resumeLane', params['name']),
  };
}

function partly(workers: readonly number[]): Refused {
  const named = workers.length === 1 ? `worker ${workers[0]} has` : `workers ${workers.join(', ')} have`;
  return refuse(
    503,
    'WORKER_SILENT',
    `${named} not answered, all others have done it`,
    'it is done there as soon as it goes on, or by its replacement before that sends anything',
  );
}
