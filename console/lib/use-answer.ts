import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { startPolling } from './polling.ts';
import { isPassing, passingMillis, patientSignal } from './request.ts';

export interface Answer<T> {
  /** The newest one; stays while a newer is asked for. */
  readonly value: T | undefined;
  /** Of the last attempt. */
  readonly error: Error | undefined;
  /** Asks at once. */
  readonly again: () => void;
}

/**
 * Keeps asking while the page is in sight. `key` names what is asked for: when it changes, the old answer goes.
 * Undefined: nothing is asked for.
 */
export function useAnswer<T>(
  key: string | undefined,
  load: (key: string, signal: AbortSignal) => Promise<T>,
  everyMillis?: number,
): Answer<T> {
  const [state, setState] = useState<{ key: string | undefined; value?: T; error?: Error }>({ key });
  const [turn, setTurn] = useState(0);
  const loading = useRef(load);
  loading.current = load;
  useEffect(() => {
    if (key === undefined) return undefined;
    const ended = new AbortController();
    const polling = startPolling(async (isNewest) => {
      // What is asked once is there when a page that was opened behind others is looked at.
      if (document.hidden && everyMillis !== undefined) return everyMillis;
      try {
        const value = await loading.current(key, patientSignal(ended.signal));
        if (isNewest()) setState({ key, value });
        return everyMillis;
      } catch (error) {
        if (isNewest()) setState((old) => ({ ...(old.key === key && old), key, error: asError(error) }));
        return everyMillis ?? (isPassing(error) ? passingMillis : undefined);
      }
    });
    const seen = () => {
      if (!document.hidden && everyMillis !== undefined) polling.again();
    };
    document.addEventListener('visibilitychange', seen);
    return () => {
      polling.stop();
      ended.abort();
      document.removeEventListener('visibilitychange', seen);
    };
  }, [key, everyMillis, turn]);
  const again = useCallback(() => setTurn((number) => number + 1), []);
  const isCurrent = state.key === key;
  return { value: isCurrent ? state.value : undefined, error: isCurrent ? state.error : undefined, again };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
