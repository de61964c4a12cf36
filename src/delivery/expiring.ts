import type { Delivery, Sink } from '../core/delivery.ts';
import { type Failure, isAmbiguous, type Outcome, rejected } from '../core/outcome.ts';
import type { Clock } from '../core/ports.ts';
import { inPlace } from './split.ts';

export interface ExpiringOptions {
  /** How long after an ambiguous request the same event may be sent again: Meta forgets it after 48 hours. */
  readonly ambiguousMillis?: number;
}

/** Of one attempt. */
interface Times {
  /** By the monotonic clock. */
  readonly startedAt: number;
  /** Unix milliseconds. */
  readonly now: number;
}

/**
 * Sends only what Meta would still take, and rejects the rest without a request: an event that is too old would have
 * the whole request refused, and one that Meta may have but no longer recognizes as a duplicate would count twice.
 */
export function expiring(sink: Sink, clock: Clock, options: ExpiringOptions = {}): Sink {
  const ambiguousMillis = options.ambiguousMillis ?? 47 * 3_600_000;
  const ambiguousSince = new WeakMap<Delivery, number>();

  function refusal(delivery: Delivery, { startedAt, now }: Times): Failure | undefined {
    if (delivery.expiresAt !== undefined && now >= delivery.expiresAt) return tooOld;
    const since = ambiguousSince.get(delivery);
    const beforeParked = delivery.pending.parked?.inDoubtSince;
    const isOver = since !== undefined && startedAt - since >= ambiguousMillis;
    const wasOver = beforeParked !== undefined && now - beforeParked >= ambiguousMillis;
    return isOver || wasOver ? perhapsDelivered : undefined;
  }

  async function sendFresh(deliveries: readonly Delivery[], { startedAt, now }: Times, signal: AbortSignal) {
    const answers = await sink.send(deliveries, signal);
    answers.forEach((answer, at) => {
      const delivery = deliveries[at];
      if (delivery === undefined || !isAmbiguous(answer) || ambiguousSince.has(delivery)) return;
      ambiguousSince.set(delivery, startedAt);
      delivery.inDoubtSince = now;
    });
    return answers;
  }

  return {
    send: async (deliveries, signal) => {
      const times = { startedAt: clock.monotonic(), now: clock.now() };
      const refusals = deliveries.map((delivery) => refusal(delivery, times));
      if (refusals.every((failure) => failure === undefined)) return sendFresh(deliveries, times, signal);
      const places = refusals.flatMap((failure, place) => (failure === undefined ? [place] : []));
      const sent = deliveries.filter((_, place) => refusals[place] === undefined);
      const answers = sent.length === 0 ? [] : await sendFresh(sent, times, signal);
      const remaining = answers.map((answer) => inPlace(answer, places)).values();
      return refusals.flatMap((failure): Outcome[] => {
        if (failure !== undefined) return [rejected(failure)];
        const answer = remaining.next();
        return answer.done === true ? [] : [answer.value];
      });
    },
  };
}

const tooOld: Failure = {
  code: 'EVENT_TOO_OLD',
  message: 'The event became too old for Meta before it could be delivered (7 days, 62 for physical_store).',
  field: 'event_time',
  fix: 'Nothing can be done about this event; find out why it waited so long.',
};

const perhapsDelivered: Failure = {
  code: 'AMBIGUOUS_TOO_OLD',
  message: 'Meta may have the event, and would no longer recognize it as a duplicate (48 hours).',
  fix: 'Look in Meta Events Manager whether the event arrived; if it did not, replay the dead letter.',
};
