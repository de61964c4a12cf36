/** Asking again and again. */
export interface Polling {
  /** Asks at once, and goes on from there. */
  again(): void;
  stop(): void;
}

/**
 * Asks now, and again some time after each answer. Of several requests under way only the newest counts, and only it goes on: a
 * server that is slow is not asked more often the more often somebody comes back to the page.
 *
 * @param ask Resolves when it is answered, or not, with how many milliseconds later to ask again; undefined: no more.
 * `isNewest`: what it has got may be shown.
 */
export function startPolling(ask: (isNewest: () => boolean) => Promise<number | undefined>): Polling {
  let newest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function next(): Promise<void> {
    clearTimeout(timer);
    newest += 1;
    const own = newest;
    const isNewest = () => own === newest;
    const waitMillis = await ask(isNewest);
    if (isNewest() && waitMillis !== undefined) timer = setTimeout(() => void next(), waitMillis);
  }

  void next();
  return {
    again: () => void next(),
    stop() {
      newest += 1;
      clearTimeout(timer);
    },
  };
}
