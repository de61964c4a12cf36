/** How long what is left may take to end by itself. */
const graceMillis = 1_000;

/**
 * The command is done, with this exit code. The Kafka client may leave a connection behind when its broker restarts,
 * which would keep the process for as long as the broker keeps that connection: the process ends nevertheless.
 */
export function ended(code: number): void {
  process.exitCode = code;
  setTimeout(() => process.exit(), graceMillis).unref();
}
