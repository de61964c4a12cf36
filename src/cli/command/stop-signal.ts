import { exitCode } from './exit-code.ts';
import { exitAtOnce } from './exit.ts';
import { surroundings } from './surroundings.ts';

/**
 * Resolves at the first SIGTERM or SIGINT. A second one ends the process at once: what isn't settled stays
 * uncommitted and is read again.
 */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    surroundings().onStop((signal) => {
      if (asked) exitAtOnce(exitCode.failed);
      asked = true;
      resolve(signal);
    });
  });
}
