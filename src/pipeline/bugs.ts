/** What is done with errors that nobody expects: they end the process. */
export interface Bugs {
  failed(error: unknown): void;
  /** A bug in a handler must end the process, not leave a hole that is committed over. */
  guarded<A extends readonly unknown[]>(handler: (...given: A) => void): (...given: A) => void;
}

export function bugs(end: (error: Error) => void): Bugs {
  const failed = (error: unknown) => end(error instanceof Error ? error : new Error(String(error)));
  return {
    failed,
    guarded:
      (handler) =>
      (...given) => {
        try {
          handler(...given);
        } catch (error) {
          failed(error);
        }
      },
  };
}
