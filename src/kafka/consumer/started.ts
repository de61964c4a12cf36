/** How a start ends, exactly once. */
export interface Started {
  readonly promise: Promise<void>;
  resolve(): void;
  /** False when it had started before: then somebody else must be told. */
  reject(error: Error): boolean;
}

/** The first join, a failure before it, or the stop that made both pointless. */
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
