import { messageOf } from '../core/errors.ts';
import type { Answers, Order, Question, Report } from './messages.ts';

/** What a worker's process has of the channel to its supervisor. */
export interface Channel {
  readonly connected: boolean;
  send?(message: unknown, handle: undefined, options: undefined, sent: () => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  disconnect?(): void;
}

type Answerers = { readonly [Q in Question]: () => Answers[Q] | Promise<Answers[Q]> };

/** The worker's end of the channel. */
export interface WorkerSide {
  /** Resolves when the supervisor wants it to end, or has gone: nobody is left behind. */
  readonly asked: Promise<void>;
  /** From now on the question is answered. */
  answer<Q extends Question>(question: Q, answerer: Answerers[Q]): void;
  started(): void;
  /** Nothing keeps the process from ending. */
  close(): void;
}

export function createWorkerSide(channel: Channel): WorkerSide {
  const answerers: Partial<Answerers> = {};
  const asked = Promise.withResolvers<void>();

  function report(message: Report): void {
    // A supervisor that has gone needs no answer; its going is heard of by `disconnect`.
    if (channel.connected) channel.send?.(message, undefined, undefined, () => undefined);
  }

  async function take(order: Order): Promise<void> {
    if (order.kind === 'stop') {
      asked.resolve();
      return;
    }
    const { id, question } = order;
    const answerer = answerers[question];
    if (answerer === undefined) {
      report({ kind: 'refused', id, message: 'it is starting' });
      return;
    }
    try {
      report({ kind: 'answer', id, answer: await answerer() });
    } catch (error) {
      report({ kind: 'refused', id, message: messageOf(error) });
    }
  }

  channel.on('message', (message) => void take(message as Order));
  channel.on('disconnect', asked.resolve);

  return {
    asked: asked.promise,
    answer(question, answerer) {
      answerers[question] = answerer;
    },
    started: () => report({ kind: 'started' }),
    close() {
      if (channel.connected) channel.disconnect?.();
    },
  };
}
