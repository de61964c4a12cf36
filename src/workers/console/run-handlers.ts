import { factHandlers } from '../../api/fact-handlers.ts';
import type { Mappings } from '../../api/mappings.ts';
import type { Access } from '../../api/server/access.ts';
import type { Handlers } from '../../api/server/handler.ts';
import type { ServedName } from '../../api/server/serve.ts';
import { noSample } from '../../api/explain/decision-event-handler.ts';
import { audiencesAnswer } from '../../api/views/audiences.ts';
import type { Facts } from '../../api/views/facts.ts';
import { partitionsAnswer } from '../../api/views/partitions.ts';
import { partitionKey } from '../../core/record.ts';
import type { Run } from '../supervisor.ts';
import { callWorker, createAnyWorker } from './any-worker.ts';
import { type HeldRun, runHoldHandlers } from './hold-handlers.ts';
import { placeOfId } from './id-in-run.ts';
import { withMetasWord } from './run-audiences.ts';
import { runMembers } from './run-members.ts';
import { runReplays } from './run-replays.ts';

export interface RunHandlerParts {
  readonly run: Run;
  readonly held: HeldRun;
  readonly access: Access;
  readonly mappings: Mappings;
  /** As they were told last. */
  factsNow(): Facts;
}

/**
 * The answer of each route for a run with workers: made of the facts of all; asked of one worker, where all would say the
 * same; or brought to all. A route without one doesn't compile.
 */
export function createRunHandlers({ run, held, access, mappings, factsNow }: RunHandlerParts): Handlers<ServedName> {
  const { workers, known } = run;
  const any = createAnyWorker(workers);

  async function facts(): Promise<Facts> {
    await known.ask('facts');
    return factsNow();
  }

  async function factsAnew(): Promise<Facts> {
    await known.askAnew();
    return factsNow();
  }

  return {
    ...factHandlers({ facts, access, mappings }),
    ...runHoldHandlers({ run, held, facts, factsAnew }),
    ...runReplays(any, workers),
    async partitions() {
      const { partitions } = partitionsAnswer(await facts());
      const workerOf = workersByPartition(run);
      return {
        partitions: partitions.map((partition) => {
          const worker = workerOf.get(partitionKey(partition));
          return worker === undefined ? partition : { ...partition, worker };
        }),
      };
    },
    audiences: async () => audiencesAnswer(await withMetasWord(await facts(), any.chosen())),
    members: runMembers(run, any),
    previewReplay: (call) => any.call('previewReplay', call),
    deadLetters: (call) => any.call('deadLetters', call),
    deadLetterGroups: (call) => any.call('deadLetterGroups', call),
    deadLetter: (call) => any.call('deadLetter', call),
    sendTest: (call) => any.call('sendTest', call),
    explain(call) {
      const { sample } = call.body;
      if (sample === undefined) return any.call('explain', call);
      const place = placeOfId(sample, workers());
      if (place === undefined) return noSample;
      return callWorker(place.worker, 'explain', { ...call, body: { ...call.body, sample: place.id } });
    },
    decisionEvent(call) {
      const place = placeOfId(call.params['sample'] ?? '', workers());
      if (place === undefined) return noSample;
      return callWorker(place.worker, 'decisionEvent', { ...call, params: { sample: place.id } });
    },
  };
}

function workersByPartition({ workers, known }: Run): ReadonlyMap<string, number> {
  return new Map(
    workers().flatMap(({ number }) =>
      (known.facts(number)?.partitions ?? []).map((at): [string, number] => [partitionKey(at), number]),
    ),
  );
}
