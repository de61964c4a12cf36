import type { Delivery, Sink } from '../../core/delivery.ts';
import { ConnectorError } from '../../core/errors.ts';
import { isAmbiguous, type Outcome } from '../../core/outcome.ts';
import type { Caller } from './audience-call.ts';
import { uploadSessions } from './sessions.ts';
import { type UsersSinkOptions, usersSink } from './users-sink.ts';

/** The session has had its last batch. */
const finished = 'META_2650_1870159';
/** A replacement runs. */
const underWay = 'META_2650_1870145';
const waitForOther = 'Wait until the other replacement has ended, 90 minutes after its start at the latest.';

/**
 * Sends the batches of one replacement, each as one delivery whose terms name its place in the session; the same batch
 * again as often as it takes. Batch 1 begins the session and may come once only, and nothing may come after the last
 * (Meta: Replace users): where one of them was not answered, its repetition is told from a mistake by what Meta says
 * of the session.
 */
export function replaceSession(options: UsersSinkOptions, caller: Caller): Sink {
  const sink = usersSink(options);
  /** Batches of the session that were sent twice because the first may have come. */
  let shift = 0;
  let unanswered = false;

  /** Whether batch 1 has come. */
  async function began(audienceId: string, id: string, signal: AbortSignal): Promise<boolean | Outcome> {
    const answer = await uploadSessions(options, caller, { audienceId, id }, signal);
    return answer.kind === 'found' ? answer.sessions.some((session) => session.id === id) : answer;
  }

  async function send(batch: Delivery, signal: AbortSignal): Promise<Outcome> {
    const { terms } = batch;
    if (terms?.session === undefined)
      throw new ConnectorError('NOT_A_BATCH', 'A batch of a replacement has no session.');
    const { id, sequence } = terms.session;
    if (unanswered && sequence + shift === 1) {
      const has = await began(terms.audienceId, id, signal);
      if (typeof has !== 'boolean') return has;
      if (has) shift = 1;
    }
    const session = { ...terms.session, sequence: sequence + shift };
    const [outcome] = await sink.send([{ ...batch, terms: { ...terms, session } }], signal);
    if (outcome === undefined) throw new ConnectorError('OUTCOME_COUNT', 'A sink answered no outcome for a delivery.');
    if (outcome.kind === 'rejected' && outcome.failure.code === finished && unanswered && session.last) {
      return { kind: 'delivered' };
    }
    // No session of ours can be under way: it is another's.
    if (outcome.kind === 'retryable' && outcome.failure.code === underWay && session.sequence === 1 && !unanswered) {
      return { kind: 'blocked', failure: { ...outcome.failure, fix: waitForOther } };
    }
    // Also after an answer that says nothing was done: a second batch 1 would be taken for another's.
    if (outcome.kind === 'retryable' || isAmbiguous(outcome)) unanswered = true;
    if (outcome.kind === 'delivered') unanswered = false;
    return outcome;
  }

  return {
    send: async ([batch, ...others], signal) => {
      if (batch === undefined || others.length > 0) throw new ConnectorError('NOT_A_BATCH', 'One batch at a time.');
      return [await send(batch, signal)];
    },
  };
}
