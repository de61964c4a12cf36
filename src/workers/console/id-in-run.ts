import type { Worker } from '../worker.ts';

/** An id that only one process of a worker knows, as the run tells it. */
export function idInRun(worker: Pick<Worker, 'number' | 'process'>, id: string): string {
  return `${worker.number}.${worker.process()}-${id}`;
}

/** Whose it is, and what it is called there. Undefined: that process has ended, or there was none. */
export function placeOfId(
  id: string,
  workers: readonly Worker[],
): { readonly worker: Worker; readonly id: string } | undefined {
  const [, number, process, own] = /^(\d{1,4})\.(\d{1,9})-(.{1,100})$/.exec(id) ?? [];
  const worker = workers.find((each) => each.number === Number(number) && each.process() === Number(process));
  return worker === undefined || own === undefined ? undefined : { worker, id: own };
}
