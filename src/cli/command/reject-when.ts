import type { ConnectorError } from '../../core/errors.ts';

/** Rejects once there is a reason to, for which it asks again and again. It keeps no process from ending. */
export function rejectWhen(reason: () => ConnectorError | undefined, everyMillis = 200): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setInterval(() => {
      const error = reason();
      if (error === undefined) return;
      clearInterval(timer);
      reject(error);
    }, everyMillis);
    timer.unref();
  });
}
