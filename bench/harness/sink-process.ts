import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

export interface Expectation {
  readonly expected: number;
  /** At most 255. */
  readonly times: number;
  readonly warm: number;
  readonly delayMillis: number;
}

export type SinkOrder =
  /**
   * Forget what came; `expected` stamps, numbered from 0, are to come, each so many `times`, of which the first `warm`
   * say nothing of latency. Each answer waits for `delayMillis`.
   */
  | ({ readonly kind: 'reset' } & Expectation)
  /** From now on no answer is given; `release` ends it, for those that wait too. */
  | { readonly kind: 'hold' }
  | { readonly kind: 'release' }
  | { readonly kind: 'report' };

export type SinkMessage =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'received'; readonly received: number; readonly unique: number }
  | { readonly kind: 'report'; readonly report: SinkReport };

export interface SinkReport {
  readonly received: number;
  readonly unique: number;
  readonly requests: number;
  /** Milliseconds from the making of an event to its arrival. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
}

export interface SinkProcess {
  readonly url: string;
  reset(order: Expectation): Promise<void>;
  hold(): void;
  release(): void;
  /** Heard of at most every 20 ms, and when all that is expected is there. */
  onReceived(listener: (unique: number) => void): () => void;
  report(): Promise<SinkReport>;
  stop(): void;
}

/** Starts the stand-in for Meta (bench/sink.ts). */
export async function startSink(): Promise<SinkProcess> {
  const child = fork(resolve(import.meta.dirname, '../sink.ts'), { execArgv: [] });
  const order = (message: SinkOrder) => child.send(message);

  async function heard<K extends SinkMessage['kind']>(kind: K): Promise<Extract<SinkMessage, { kind: K }>> {
    for (;;) {
      const [message] = (await once(child, 'message')) as [SinkMessage];
      if (message.kind === kind) return message as Extract<SinkMessage, { kind: K }>;
    }
  }

  const { url } = await heard('listening');
  return {
    url,
    async reset(given) {
      order({ kind: 'reset', ...given });
      await heard('ready');
    },
    hold: () => void order({ kind: 'hold' }),
    release: () => void order({ kind: 'release' }),
    onReceived(listener) {
      const hear = (message: SinkMessage) => {
        if (message.kind === 'received') listener(message.unique);
      };
      child.on('message', hear);
      return () => void child.off('message', hear);
    },
    async report() {
      order({ kind: 'report' });
      return (await heard('report')).report;
    },
    stop: () => void (child.connected && child.disconnect()),
  };
}
