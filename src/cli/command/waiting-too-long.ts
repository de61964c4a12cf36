import type { Connector } from '../../connector/connector.ts';
import { systemClock } from '../../connector/system-clock.ts';
import { ConnectorError } from '../../core/errors.ts';

const checkMillis = 200;

/** Rejects when reading has waited for longer than that without a break, as it does for a schema registry that is away. */
export function waitingTooLong(connector: Connector, limitMillis: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    let since: number | undefined;
    const timer = setInterval(() => {
      const [reason] = connector.waits();
      if (reason === undefined) {
        since = undefined;
        return;
      }
      since ??= systemClock.monotonic();
      const waited = systemClock.monotonic() - since;
      if (waited < limitMillis) return;
      clearInterval(timer);
      const text = `reading has waited for ${Math.round(waited / 1000)} s: ${reason} Nothing of what waits is committed.`;
      reject(new ConnectorError('READING_WAITS', text));
    }, checkMillis);
    timer.unref();
  });
}
