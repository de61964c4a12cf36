import { type Logger, pino } from 'pino';
import type { TelemetryEvent } from '../core/telemetry.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** One JSON object a line, on stderr, so that stdout stays what a command prints. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}

type Line = { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly text: string };

/** What an operator must read, by kind; kinds without an entry are for metrics alone. */
const lines: { readonly [K in TelemetryEvent['kind']]?: Line } = {
  retry_scheduled: { level: 'info', text: 'a request will be sent again' },
  lane_throttled: { level: 'warn', text: 'Meta asks for a pause' },
  lane_blocked: { level: 'error', text: 'a lane is blocked: nothing is lost, but somebody must act' },
  lane_opened: { level: 'info', text: 'a lane is open again' },
  partition_assigned: { level: 'info', text: 'partition assigned' },
  partition_lost: { level: 'info', text: 'partition is not read here any more' },
  hand_over_waits: {
    level: 'warn',
    text: 'the process that had the partition did not leave in order: changes of audiences wait, all else goes on',
  },
  hand_over_done: { level: 'info', text: 'changes of audiences of the partition go on' },
  partition_paused: { level: 'debug', text: 'reading paused' },
  partition_resumed: { level: 'debug', text: 'reading resumed' },
  committed: { level: 'debug', text: 'committed' },
  commit_failed: { level: 'warn', text: 'a commit did not happen; it will be tried again' },
  dead_letters_failed: { level: 'error', text: 'dead letters could not be written; offsets wait for them' },
  parking: { level: 'info', text: 'deliveries of a blocked lane are parked, or have come back from there' },
  parking_failed: { level: 'error', text: 'deliveries could not be parked; offsets wait for them' },
  proxies: { level: 'info', text: 'requests go through proxies' },
  config_reloaded: { level: 'info', text: 'the configuration was reloaded' },
  config_refused: { level: 'error', text: 'the configuration is wrong: the one before stays in force' },
  warning: { level: 'warn', text: 'warning' },
};

/** Writes the line of an event, if it has one. Events hold no identifiers, tokens or payloads: nothing to redact. */
export function logEvent(log: Logger, event: TelemetryEvent): void {
  if (event.kind === 'dead_letter') {
    log.debug(event, 'dead letter');
    return;
  }
  const line = lines[event.kind];
  if (line !== undefined) log[line.level](event, line.text);
}
