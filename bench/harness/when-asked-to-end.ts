import { constants } from 'node:os';

/** Asked to end by a signal, the measuring process first ends what it has started: `end`, for what runs apart from it. */
export function whenAskedToEnd(end: () => Promise<unknown>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void end().finally(() => process.exit(128 + constants.signals[signal])));
  }
}
