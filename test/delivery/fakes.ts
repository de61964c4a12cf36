import type { Delivery, Sink } from '../../src/core/delivery.ts';
import type { Failure, Outcome } from '../../src/core/outcome.ts';
import type { Clock, Telemetry } from '../../src/core/ports.ts';
import type { TelemetryEvent } from '../../src/core/telemetry.ts';
import { fakeDelivery } from '../support/deliveries.ts';

export interface VirtualClock extends Clock {
  /** Moves time to each sleep's end in turn until the promise settles; fails when nothing is left to wait for. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** Lets everything happen that happens within `millis`. */
  advance(millis: number): Promise<void>;
  sleepers(): number;
  /** The wall clock is set back, below zero: forwards. */
  setBack(millis: number): void;
}

export function virtualClock(start = 1_790_000_000_000): VirtualClock {
  let now = start;
  let offset = 0;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  const idle = () => new Promise<void>((resolve) => setImmediate(resolve));
  function wakeNext(until: number): boolean {
    const [next] = [...sleepers].sort((a, b) => a.at - b.at);
    if (next === undefined || next.at > until) return false;
    now = Math.max(now, next.at);
    next.wake();
    return true;
  }

  return {
    now: () => now + offset,
    monotonic: () => now,
    setBack: (millis) => {
      offset -= millis;
    },
    sleep: (millis, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = {
          at: now + millis,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake);
      }),
    run: async (promise) => {
      let settled = false;
      const done = () => {
        settled = true;
      };
      promise.then(done, done);
      for (;;) {
        await idle();
        if (settled) return promise;
        if (!wakeNext(Number.POSITIVE_INFINITY)) throw new Error('Nothing is left to wait for.');
      }
    },
    advance: async (millis) => {
      const until = now + millis;
      await idle();
      while (wakeNext(until)) await idle();
      now = until;
      await idle();
    },
    sleepers: () => sleepers.size,
  };
}

export function recorder(): Telemetry & { readonly events: TelemetryEvent[]; kinds(): string[] } {
  const events: TelemetryEvent[] = [];
  return {
    events,
    emit: (event) => {
      events.push(event);
    },
    kinds: () => events.map((event) => event.kind),
  };
}

/** `e-0`, `e-1`, … */
export function deliveries(count: number, more: Partial<Delivery> = {}): Delivery[] {
  return Array.from({ length: count }, (_, place) => {
    const eventId = `e-${place}`;
    return fakeDelivery(JSON.stringify({ event_id: eventId }), { eventId, ...more });
  });
}

export interface FakeSink extends Sink {
  /** The event ids of each request. */
  readonly requests: string[][];
}

/** Answers with `answer`: one outcome for all of the request, or one for each of its deliveries. */
export function fakeSink(
  answer: (
    sent: readonly Delivery[],
    request: number,
    signal: AbortSignal,
  ) => Outcome | readonly Outcome[] | Promise<Outcome>,
): FakeSink {
  const requests: string[][] = [];
  return {
    requests,
    send: async (sent, signal) => {
      requests.push(sent.map((delivery) => delivery.eventId ?? ''));
      const outcome = await answer(sent, requests.length, signal);
      return 'kind' in outcome ? sent.map(() => outcome) : outcome;
    },
  };
}

export function failure(code: string): Failure {
  return { code, message: `${code} happened.` };
}

export const delivered: Outcome = { kind: 'delivered' };
export const blocked: Outcome = { kind: 'blocked', failure: failure('META_190') };

export function retryable(
  code = 'HTTP_500',
  more: { ambiguous?: boolean; halve?: boolean; mayLast?: true } = {},
): Outcome {
  return { kind: 'retryable', failure: failure(code), ambiguous: false, halve: false, ...more };
}

export function throttled(waitMillis?: number, scope = 'app:test'): Outcome {
  const wait = waitMillis === undefined ? {} : { waitMillis };
  return { kind: 'throttled', failure: failure('META_4'), scope, ...wait };
}

export function refused(code = 'META_100_2804003', more: { index?: number; known?: boolean } = {}): Outcome {
  return { kind: 'rejected', failure: failure(code), whole: true, known: true, ...more };
}

export const never = new AbortController().signal;
