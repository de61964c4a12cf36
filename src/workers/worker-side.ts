import { messageOf } from '../core/errors.ts';
import type { TrafficNews } from '../api/traffic/news.ts';
import type { Order, Question, Questions, Report } from './messages.ts';
import { noHolds, type RunHolds } from './run-holds.ts';

/** What a worker's process has of the channel to its supervisor. */
export interface Channel {
  readonly connected: boolean;
  send?(message: unknown, handle: undefined, options: undefined, sent: () => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  disconnect?(): void;
}

type Answerers = {
  readonly [Q in Question]: (
    asked: Questions[Q]['asked'],
    signal: AbortSignal,
  ) => Questions[Q]['answer'] | Promise<Questions[Q]['answer']>;
};

type AnyAnswerer = (asked: unknown, signal: AbortSignal) => unknown;

/** Messages that the supervisor has not taken yet. */
const mostWaiting = 100;

/** Takes on a reader of decisions; the returned function is called when it has gone. */
export type OpenDecisions = (query: unknown, tell: (decision: unknown) => void) => () => void;

/** The worker's end of the channel. */
export interface WorkerSide {
  /** Resolves when the supervisor wants it to end, or has gone: nobody is left behind. */
  readonly asked: Promise<void>;
  /** What people had stopped before it began: the supervisor tells it first of all. */
  held(): Promise<RunHolds>;
  /** From now on the question is answered. */
  answer<Q extends Question>(question: Q, answerer: Answerers[Q]): void;
  /** From now on decisions are told to those who ask for them. */
  serveDecisions(open: OpenDecisions): void;
  started(): void;
  tell(news: TrafficNews): void;
  /** Nothing keeps the process from ending. */
  close(): void;
}

export function createWorkerSide(channel: Channel): WorkerSide {
  const answerers: Partial<Answerers> = {};
  const asked = Promise.withResolvers<void>();
  const dropped = new Map<number, AbortController>();
  const streams = new Map<number, () => void>();
  let openDecisions: OpenDecisions | undefined;
  const begun = Promise.withResolvers<void>();
  let held = noHolds;
  let waiting = 0;

  function report(message: Report): void {
    // A supervisor that has gone needs no answer; its going is heard of by `disconnect`.
    if (!channel.connected) return;
    waiting += 1;
    channel.send?.(message, undefined, undefined, () => {
      waiting -= 1;
    });
  }

  async function answer({ id, question, asked: what }: Extract<Order, { readonly kind: 'ask' }>): Promise<void> {
    const answerer = answerers[question] as AnyAnswerer | undefined;
    if (answerer === undefined) {
      report({ kind: 'refused', id, message: 'it is starting' });
      return;
    }
    const drop = new AbortController();
    dropped.set(id, drop);
    try {
      report({ kind: 'answer', id, answer: await answerer(what, drop.signal) });
    } catch (error) {
      report({ kind: 'refused', id, message: messageOf(error) });
    } finally {
      dropped.delete(id);
    }
  }

  function take(order: Order): void {
    switch (order.kind) {
      case 'ask':
        void answer(order);
        return;
      case 'drop':
        dropped.get(order.id)?.abort();
        return;
      case 'held':
        held = order.holds;
        begun.resolve();
        return;
      case 'read': {
        const { stream, query } = order;
        const tell = (decision: unknown) => {
          // They are a sample anyway.
          if (waiting < mostWaiting) report({ kind: 'decision', stream, decision });
        };
        if (openDecisions !== undefined) streams.set(stream, openDecisions(query, tell));
        return;
      }
      case 'leave':
        streams.get(order.stream)?.();
        streams.delete(order.stream);
        return;
      case 'stop':
        asked.resolve();
    }
  }

  channel.on('message', (message) => take(message as Order));
  channel.on('disconnect', asked.resolve);

  return {
    asked: asked.promise,
    async held() {
      await begun.promise;
      return held;
    },
    answer(question, answerer) {
      answerers[question] = answerer;
    },
    serveDecisions(open) {
      openDecisions = open;
    },
    started: () => report({ kind: 'started' }),
    tell: (news) => report({ kind: 'news', news }),
    close() {
      if (channel.connected) channel.disconnect?.();
    },
  };
}
