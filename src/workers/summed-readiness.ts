import type { Readiness } from '../observe/ops-options.ts';

/** What a worker says of itself. */
export interface WorkerReadiness extends Readiness {
  readonly worker: number;
}

/** The readiness of all. What all of them say is said once, the rest with the number of the worker. */
export function addUpReadiness(workers: readonly WorkerReadiness[]): Readiness {
  return { reasons: together(workers, 'reasons'), degraded: together(workers, 'degraded') };
}

function together(workers: readonly WorkerReadiness[], of: keyof Readiness): readonly string[] {
  const sayers = new Map<string, number[]>();
  for (const { worker, [of]: texts } of workers) {
    for (const text of new Set(texts)) sayers.set(text, [...(sayers.get(text) ?? []), worker]);
  }
  return [...sayers].map(([text, by]) => (by.length === workers.length ? text : `${named(by)}: ${text}`));
}

function named(workers: readonly number[]): string {
  return workers.length === 1 ? `worker ${workers[0]}` : `workers ${workers.join(', ')}`;
}
