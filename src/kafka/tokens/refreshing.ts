import type { Clock } from '../../core/ports.ts';

export interface Obtained<T> {
  readonly value: T;
  /** So long it is used, from when it was asked for. */
  readonly forMillis: number;
}

/** Keeps what was obtained until it must be renewed. Simultaneous callers share one request. */
export function refreshing<T>(obtain: () => Promise<Obtained<T>>, clock: Pick<Clock, 'monotonic'>): () => Promise<T> {
  let kept: { readonly value: T; readonly renewAt: number } | undefined;
  let underWay: Promise<NonNullable<typeof kept>> | undefined;

  async function renewed() {
    const askedAt = clock.monotonic();
    const { value, forMillis } = await obtain();
    return { value, renewAt: askedAt + forMillis };
  }

  return async () => {
    if (kept !== undefined && clock.monotonic() < kept.renewAt) return kept.value;
    underWay ??= renewed().finally(() => {
      underWay = undefined;
    });
    kept = await underWay;
    return kept.value;
  };
}
