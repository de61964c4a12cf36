/** How long the process may take to end by itself. */
const graceMillis = 1_000;

/**
 * Ends the process with this exit code once nothing keeps it running, or after a second. When a broker restarts, the
 * Kafka client may leave a connection behind, which would keep the process for as long as the broker keeps the
 * connection.
 */
export function exitWith(code: number): void {
  process.exitCode = code;
  setTimeout(() => process.exit(), graceMillis).unref();
}
