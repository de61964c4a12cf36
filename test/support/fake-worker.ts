import type { Order } from '../../src/workers/messages.ts';
import type { Worker, WorkerState } from '../../src/workers/worker.ts';

/** A worker without a process, whose answers the test gives. */
export interface FakeWorker extends Worker {
  /** What it was ordered and asked, in this order. */
  readonly orders: Order[];
  readonly set: { state: WorkerState; process: number; silent: boolean };
}

/** @param answer Undefined: there is none. */
export function fakeWorker(number: number, answer: (question: string, asked: unknown) => unknown): FakeWorker {
  const orders: Order[] = [];
  const set = { state: 'running' as WorkerState, process: 1, silent: false };
  return {
    number,
    orders,
    set,
    process: () => set.process,
    state: () => set.state,
    isSilent: () => set.silent,
    async ask(question, asked) {
      orders.push({ kind: 'ask', id: orders.length, question, asked });
      return answer(question, asked) as never;
    },
    order: (message) => void orders.push(message),
    spoke: () => true,
    kill: () => undefined,
    stop: async () => 0,
    started: Promise.resolve(),
  };
}
