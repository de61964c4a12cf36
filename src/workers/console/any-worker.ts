import { type AnswerOf, type Call, type Refused, refuse } from '../../api/server/handler.ts';
import type { ServedName } from '../../api/server/serve.ts';
import type { ApiCall } from '../messages.ts';
import type { Worker } from '../worker.ts';

/** Asks one worker what any could answer: always the same as long as its process lives, so that a replay is found again. */
export interface AnyWorker {
  /** Undefined: none runs. */
  chosen(): Worker | undefined;
  call<N extends ServedName>(name: N, call: Call<N>): Promise<AnswerOf<N> | Refused>;
}

export function createAnyWorker(workers: () => readonly Worker[]): AnyWorker {
  let last: { readonly worker: Worker; readonly process: number } | undefined;

  function chosen(): Worker | undefined {
    if (last?.worker.state() === 'running' && last.worker.process() === last.process) return last.worker;
    const running = workers().filter((worker) => worker.state() === 'running');
    const worker = running.find((each) => !each.isSilent()) ?? running[0];
    last = worker && { worker, process: worker.process() };
    return worker;
  }

  return { chosen, call: (name, call) => callWorker(chosen(), name, call) };
}

/** A search may take its time. One that hangs is ended long before, and that is an answer, too. */
const callMillis = 600_000;

/** @param worker Undefined: none runs. */
export async function callWorker<N extends ServedName>(
  worker: Worker | undefined,
  name: N,
  { params, query, body, caller, signal }: Call<N>,
): Promise<AnswerOf<N> | Refused> {
  if (worker === undefined) return noWorker;
  if (worker.isSilent()) {
    return refuse(
      503,
      'WORKER_SILENT',
      `worker ${worker.number}, which answers this, does not answer`,
      'try again in a minute: by then it has come back, or is replaced',
    );
  }
  const asked: ApiCall = { name, params, query, body, caller };
  const answer = await worker.ask('call', asked, { withinMillis: callMillis, signal });
  return (answer as AnswerOf<N> | Refused | undefined) ?? workerGone(worker);
}

const noWorker = refuse(503, 'WORKER_GONE', 'no worker runs at the moment', 'try again: they are started again');

function workerGone({ number }: Worker): Refused {
  return refuse(503, 'WORKER_GONE', `worker ${number} has ended, or failed, while it was asked`, 'try again');
}
