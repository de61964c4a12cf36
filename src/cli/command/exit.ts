import { surroundings } from './surroundings.ts';

/** How long the process may take to end by itself. */
const graceMillis = 1_000;

/**
 * Ends the process with this exit code once nothing keeps it running, or after a second. When a broker restarts, the
 * Kafka client may leave a connection behind, which would keep the process for as long as the broker keeps the
 * connection.
 */
export function exitWith(code: number): void {
  surroundings().leave(code, graceMillis);
}

/** At once: a Kafka client whose broker doesn't answer would keep the process for as long as it goes on trying. */
export function exitAtOnce(code: number): void {
  surroundings().leave(code, 0);
}

/** Once nothing keeps it running. */
export function exitWhenDone(code: number): void {
  surroundings().leave(code);
}
