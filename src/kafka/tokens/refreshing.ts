import type { Clock } from '../../core/ports.ts';

export interface Obtained<T> {
  readonly value: T;
  /** From this time on (Unix milliseconds) a new one is requested. */
  readonly renewAt: number;
}

/** Keeps what was obtained until it must be renewed. Simultaneous callers share one request. */
export function refreshing<T>(obtain: () => Promise<Obtained<T>>, clock: Pick<Clock, 'now'>): () => Promise<T> {
  let kept: Obtained<T> | undefined;
  let underWay: Promise<Obtained<T>> | undefined;
  return async () => {
    if (kept !== undefined && clock.now() < kept.renewAt) return kept.value;
    underWay ??= obtain().finally(() => {
      underWay = undefined;
    });
    kept = await underWay;
    return kept.value;
  };
}
