import type { Connector } from '../../connector/connector-types.ts';
import { ConnectorError } from '../../core/errors.ts';
import { rejectWhen } from './reject-when.ts';

/**
 * Rejects when nothing has got through a lane for longer than that. Whether Meta is down or the only event that is left
 * is at fault can't be told then: nothing becomes a dead letter, and what isn't delivered is not committed.
 */
export function failingTooLong(connector: Pick<Connector, 'lanes'>, limitMillis: number): Promise<never> {
  return rejectWhen(() => {
    const now = Date.now();
    for (const lane of connector.lanes()) {
      if (lane.state !== 'retrying' || lane.othersGetThrough || now - lane.since < limitMillis) continue;
      const seconds = Math.round((now - lane.since) / 1_000);
      const text = `lane ${lane.lane} has got nothing through for ${seconds} s: ${lane.failure.message} Nothing of what waits is committed.`;
      return new ConnectorError('NOTHING_DELIVERED', text);
    }
    return undefined;
  });
}
