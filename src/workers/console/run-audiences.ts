import type { AskAudience } from '../../connector/audience-facts.ts';
import type { Facts } from '../../api/views/facts.ts';
import type { Worker } from '../worker.ts';

const answerMillis = 2_000;

/** What Meta says of the audiences that were changed: one worker asks it, so that it isn't asked by each. */
export async function withMetasWord(facts: Facts, worker: Worker | undefined): Promise<Facts> {
  const destinationOf = new Map(facts.lanes().map(({ lane, destination }) => [lane, destination]));
  const names = facts.changedAudiences().flatMap(({ id, lane }) => {
    const destination = destinationOf.get(lane);
    return destination === undefined ? [] : [{ destination, id }];
  });
  if (worker === undefined || names.length === 0) return facts;
  const answers = await worker.ask('audiences', names, { withinMillis: answerMillis });
  const byId = new Map(names.map(({ id }, at): [string, ReturnType<AskAudience>] => [id, answers?.[at]]));
  return { ...facts, askAudience: (_destination, id) => byId.get(id) };
}
