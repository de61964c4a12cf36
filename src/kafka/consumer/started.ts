/** The end of a start, which comes exactly once. */
export interface Started {
  readonly promise: Promise<void>;
  resolve(): void;
  /** False if the start had ended before: then the error must be reported elsewhere. */
  reject(error: Error): boolean;
}

/** The start ends with the first join, with a failure before it, or with a stop. */
export function createStarted(stopped: AbortSignal): Started {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let open = true;
  // Nobody waits yet while the client connects.
  promise.catch(() => undefined);
  const settle = () => {
    open = false;
    resolve();
  };
  stopped.addEventListener('abort', settle, { once: true });
  return {
    promise,
    resolve: settle,
    reject: (error) => {
      const was = open;
      open = false;
      if (was) reject(error);
      return was;
    },
  };
}
