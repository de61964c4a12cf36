import type { Logger } from 'pino';
import type { Telemetry } from '../core/ports.ts';
import { createEventLog } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Makes a log line and a metric of each event, and passes it on. */
export function createTelemetry(log: Logger, metrics: Metrics, ...more: readonly Telemetry[]): Telemetry {
  const logEvent = createEventLog(log);
  return {
    emit(event) {
      metrics.record(event);
      logEvent(event);
      for (const other of more) other.emit(event);
    },
  };
}
