import { exitCode } from './exit-code.ts';
import { exitAtOnce } from './exit.ts';
import { surroundings } from './surroundings.ts';

/**
 * Resolves at the first SIGTERM or SIGINT. A second one ends the process at once: what isn't settled stays
 * uncommitted and is read again.
 *
 * @param second What is to be done before that.
 */
export function stopSignal(second: () => void = () => undefined): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    surroundings().onStop((signal) => {
      if (asked) {
        second();
        exitAtOnce(exitCode.failed);
      }
      asked = true;
      resolve(signal);
    });
  });
}
