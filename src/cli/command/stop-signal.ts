/**
 * Resolves at the first SIGTERM or SIGINT. A second one ends the process at once: what isn't settled stays
 * uncommitted and is read again.
 *
 * @param second What is to be done before that.
 */
export function stopSignal(second: () => void = () => undefined): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals = ['SIGTERM', 'SIGINT'] as const;
    let asked = false;
    for (const signal of signals) {
      process.on(signal, () => {
        if (asked) {
          second();
          process.exit(1);
        }
        asked = true;
        resolve(signal);
      });
    }
  });
}
