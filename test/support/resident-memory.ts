import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectorProcess } from './connector-process.ts';

/** Bytes that a connector at full speed may have at most. */
export const residentLimit = 300 * 1024 * 1024;

/** The exit code, and the most resident memory that was seen before. */
export async function ended(
  connector: ConnectorProcess,
): Promise<{ readonly code: number | null; readonly peak: number }> {
  let peak = 0;
  let running = true;
  const sampling = (async () => {
    while (running) {
      const bytes = await connector.residentBytes();
      if (bytes !== undefined && !Number.isNaN(bytes)) peak = Math.max(peak, bytes);
      await sleep(100);
    }
  })();
  const code = await connector.exited;
  running = false;
  await sampling;
  return { code, peak };
}
