/** Bytes of lines that wait for a reader; later lines are left out. */
const mostWaiting = 1024 * 1024;

interface Outlet {
  readonly writableLength: number;
  write(text: string): unknown;
  on(event: 'error', listener: () => void): unknown;
}

/** Those whose errors are heard already: a process makes a connector for each replay. */
const safe = new WeakSet<Outlet>();

/**
 * Lines on their way to whoever collects the log. A pipe that nobody reads is full after 64 KiB, and a write to it that
 * waits would hold up everything, heartbeats too. So lines wait in memory, and those that are too many are left out and
 * counted. A reader that has gone is no reason to end.
 */
export function createLogStream(outlet: Outlet, leftOut: (lines: number) => string) {
  let missing = 0;
  if (!safe.has(outlet)) outlet.on('error', () => undefined);
  safe.add(outlet);
  return {
    write(line: string): void {
      if (outlet.writableLength > mostWaiting) {
        missing += 1;
        return;
      }
      if (missing > 0) outlet.write(leftOut(missing));
      missing = 0;
      outlet.write(line);
    },
  };
}
