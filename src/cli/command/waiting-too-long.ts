import type { Connector } from '../../connector/connector-types.ts';
import { systemClock } from '../../connector/system-clock.ts';
import { ConnectorError } from '../../core/errors.ts';
import { rejectWhen } from './reject-when.ts';

/** Rejects when it has waited for longer than that without a break: for a schema registry that is away, or to write dead letters. */
export function waitingTooLong(connector: Pick<Connector, 'waits'>, limitMillis: number): Promise<never> {
  let since: number | undefined;
  return rejectWhen(() => {
    const [reason] = connector.waits();
    if (reason === undefined) {
      since = undefined;
      return undefined;
    }
    since ??= systemClock.monotonic();
    const waited = systemClock.monotonic() - since;
    if (waited < limitMillis) return undefined;
    const text = `the run has waited for ${Math.round(waited / 1000)} s: ${reason} Nothing of what waits is committed.`;
    return new ConnectorError('READING_WAITS', text);
  });
}
