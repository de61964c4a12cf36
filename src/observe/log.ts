import { type Logger, pino } from 'pino';
import { visible } from '../core/visible.ts';
import { createLogStream } from './log-stream.ts';
import type { TelemetryEvent } from '../core/telemetry.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Writes one JSON object per line to stderr: stdout is for what a command prints. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // A terminal may be what shows the lines; escapes of JSON keep their value.
      hooks: { streamWrite: visible },
    },
    createLogOutlet(),
  );
}

/** Where lines of the log go. */
export function createLogOutlet(): ReturnType<typeof createLogStream> {
  return createLogStream(process.stderr, leftOutLine);
}

function leftOutLine(lines: number): string {
  const time = new Date().toISOString();
  return `${JSON.stringify({ level: 'warn', time, lines, msg: 'lines of the log were left out: nobody read them' })}\n`;
}

type Line = { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly text: string };

/** The log lines by kind of event; kinds without an entry only change metrics. */
const lines: { readonly [K in TelemetryEvent['kind']]?: Line } = {
  started: { level: 'info', text: 'the connector runs' },
  stopped: { level: 'info', text: 'the connector has stopped' },
  bug: { level: 'error', text: 'the program failed on a record, which was set aside: please report it' },
  retry_scheduled: { level: 'info', text: 'a request will be sent again' },
  lane_throttled: { level: 'warn', text: 'Meta limits the rate: the lane pauses' },
  lane_blocked: { level: 'error', text: 'a lane is blocked: nothing is lost, but somebody must act' },
  lane_opened: { level: 'info', text: 'a lane is open again' },
  partition_assigned: { level: 'info', text: 'partition assigned' },
  partition_lost: { level: 'info', text: 'partition is no longer read by this process' },
  hand_over_waits: {
    level: 'warn',
    text: 'the last owner of the partition did not shut down cleanly: changes of audiences wait, all else goes on',
  },
  hand_over_done: { level: 'info', text: 'changes of audiences from the partition continue' },
  partition_paused: { level: 'debug', text: 'reading paused' },
  partition_resumed: { level: 'debug', text: 'reading resumed' },
  committed: { level: 'debug', text: 'committed' },
  commit_failed: { level: 'warn', text: 'a commit failed and will be repeated' },
  dead_letters_failed: {
    level: 'error',
    text: 'dead letters could not be written; nothing is committed until they are',
  },
  parking: { level: 'info', text: 'deliveries of a blocked lane are parked, or all parked ones have come back' },
  parking_failed: { level: 'error', text: 'deliveries could not be parked; nothing is committed until they are' },
  proxies: { level: 'info', text: 'requests go through proxies' },
  audit: { level: 'warn', text: 'audit: somebody changed something through the API' },
  identifiers_shown: { level: 'warn', text: 'audit: identifiers of people were shown' },
  config_reloaded: { level: 'info', text: 'the configuration was reloaded' },
  config_refused: { level: 'error', text: 'the new configuration is wrong: the one before stays active' },
  notified: { level: 'info', text: 'the webhook was told of changes of state' },
  notify_failed: { level: 'warn', text: 'the webhook could not be told of changes of state; it will be tried again' },
  warning: { level: 'warn', text: 'warning' },
};

/**
 * Writes the lines of events. Events hold no identifiers, tokens or payloads: nothing to redact. The first dead letter of
 * each code is news to an operator; the others are counted, and seen at debug.
 */
export function createEventLog(log: Logger): (event: TelemetryEvent) => void {
  const seen = new Set<string>();
  const isNews = (code: string) => !seen.has(code) && seen.size < mostCodes && seen.add(code) !== undefined;

  return (event) => {
    if (event.kind === 'dead_letter') {
      if (isNews(event.code)) log.warn(event, 'a record was set aside: the first one with this code');
      else log.debug(event, 'a record was set aside');
      return;
    }
    const line = lines[event.kind];
    if (line !== undefined) log[line.level](event, line.text);
  };
}

const mostCodes = 1_000;
