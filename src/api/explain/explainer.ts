import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { inTurn } from '../../core/in-turn.ts';
import type { ExplainJob, ExplainResult } from './job.ts';

/** `busy`: too many ask at once; `too_long`: it was given up; `failed`: it can't be explained. */
export type Explained =
  | { readonly kind: 'explained'; readonly result: ExplainResult }
  | { readonly kind: 'busy' | 'too_long' | 'failed' };

/** Explains in a thread of its own, one job after the other, and gives up what takes too long. */
export interface Explainer {
  explain(job: ExplainJob): Promise<Explained>;
  close(): Promise<void>;
}

export interface ExplainerOptions {
  /** For one job. */
  readonly maxMillis: number;
  /** An idle thread ends. */
  readonly idleMillis: number;
}

const mostWaiting = 8;
const maxHeapMegabytes = 512;
const defaults: ExplainerOptions = { maxMillis: 45_000, idleMillis: 60_000 };

export function createExplainer(options: Partial<ExplainerOptions> = {}): Explainer {
  const { maxMillis, idleMillis } = { ...defaults, ...options };
  let worker: Worker | undefined;
  let waiting = 0;
  const inOrder = inTurn();
  let idle: NodeJS.Timeout | undefined;
  let closed = false;

  function start(): Worker {
    const started = new Worker(script(), {
      // It needs none of our secrets.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes },
    });
    // It exits after an error, which is what is listened for.
    started.on('error', () => undefined);
    return started;
  }

  function end(): Promise<unknown> {
    const ended = worker?.terminate();
    worker = undefined;
    return ended ?? Promise.resolve();
  }

  function run(job: ExplainJob): Promise<Explained> {
    clearTimeout(idle);
    worker ??= start();
    const current = worker;
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish({ kind: 'too_long' }, true), maxMillis);
      const onMessage = ({ result }: { readonly result?: ExplainResult }) =>
        finish(result === undefined ? { kind: 'failed' } : { kind: 'explained', result }, false);
      const onEnd = () => finish({ kind: 'failed' }, true);
      current.on('message', onMessage);
      current.on('exit', onEnd);
      try {
        current.postMessage(job);
      } catch {
        // A key may nest too deeply to be copied.
        finish({ kind: 'failed' }, false);
      }

      function finish(explained: Explained, isBroken: boolean): void {
        clearTimeout(timer);
        current.off('message', onMessage);
        current.off('exit', onEnd);
        if (isBroken) void end();
        idle = setTimeout(() => void end(), idleMillis);
        idle.unref();
        resolve(explained);
      }
    });
  }

  return {
    async explain(job) {
      if (closed || waiting >= mostWaiting) return { kind: 'busy' };
      waiting += 1;
      try {
        return await inOrder(async () => (closed ? { kind: 'busy' } : run(job)));
      } finally {
        waiting -= 1;
      }
    },
    async close() {
      closed = true;
      clearTimeout(idle);
      await end();
    },
  };
}

/** Beside this file: TypeScript when run from the sources, JavaScript when built. */
function script(): string {
  const source = fileURLToPath(new URL('./worker.ts', import.meta.url));
  return existsSync(source) ? source : source.replace(/\.ts$/, '.js');
}
