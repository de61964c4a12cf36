import type { Logger } from 'pino';
import type { Telemetry } from '../core/ports.ts';
import { logEvent } from './log.ts';
import type { Metrics } from './metrics.ts';

/** One event, one log line, one metric. */
export function createTelemetry(log: Logger, metrics: Metrics, ...more: readonly Telemetry[]): Telemetry {
  return {
    emit(event) {
      metrics.record(event);
      logEvent(log, event);
      for (const other of more) other.emit(event);
    },
  };
}
