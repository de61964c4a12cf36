import { backoffMillis } from '../core/backoff.ts';
import { messageOf } from '../core/errors.ts';
import type { Clock, Random, Telemetry } from '../core/ports.ts';
import { createChanges } from './changes.ts';
import type { Change, Condition } from './condition.ts';
import { messageBody, type MessageFacts } from './message.ts';
import type { Post } from './webhook.ts';

export interface NotifierOptions {
  readonly format: 'json' | 'slack';
  /** What holds just now. */
  conditions(): readonly Condition[];
  readonly post: Post;
  readonly intervalMillis: number;
  readonly facts: Pick<MessageFacts, 'version' | 'instance' | 'group'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  /** Between two ticks. Default: a second. */
  readonly tickMillis?: number;
  /** From the first news to its message, so that what happens together is told together. Default: five seconds, or the interval. */
  readonly gatherMillis?: number;
  /** Default: from a second to five minutes. */
  readonly retryMillis?: { readonly firstMillis: number; readonly longestMillis: number };
}

/** Tells a webhook what begins and what ends. Nobody waits for it, and a stop ends it at once. */
export interface Notifier {
  start(): void;
  stop(): void;
}

/**
 * A failed message isn't kept: what is told is the difference between what people know and what holds, so that the next
 * try says it all, with what came since. That bounds the queue, and nobody reads of what has long passed as if it were new.
 */
export function createNotifier(options: NotifierOptions): Notifier {
  const { clock, random, telemetry, intervalMillis, tickMillis = 1_000 } = options;
  const gatherMillis = options.gatherMillis ?? Math.min(5_000, intervalMillis);
  const retryMillis = options.retryMillis ?? { firstMillis: 1_000, longestMillis: 300_000 };
  const changes = createChanges(options);
  const stopped = new AbortController();
  let isSending = false;
  let failures = 0;
  let notBefore = Number.NEGATIVE_INFINITY;
  let newsSince: number | undefined;

  function tick(): void {
    const at = clock.monotonic();
    changes.observe(options.conditions(), at);
    if (isSending || at < notBefore) return;
    const due = changes.due(at);
    if (due.length === 0) {
      newsSince = undefined;
      return;
    }
    newsSince ??= at;
    if (at - newsSince >= gatherMillis) void send(due);
  }

  async function send(due: readonly Change[]): Promise<void> {
    isSending = true;
    const [now, open, leftOut] = [clock.now(), changes.open(), changes.leftOut()];
    const facts = { ...options.facts, now, shift: now - clock.monotonic(), open, leftOut };
    const posted = await options.post(messageBody(options.format, due, facts), stopped.signal);
    isSending = false;
    if (stopped.signal.aborted) return;
    const at = clock.monotonic();
    if (posted.kind === 'taken') {
      failures = 0;
      newsSince = undefined;
      notBefore = at + intervalMillis;
      changes.announced(due, at);
      telemetry.emit({ kind: 'notified', changes: due.length });
      return;
    }
    failures += 1;
    // Up to twice as long, so that many processes don't come at once.
    const waitMillis = Math.round((posted.waitMillis ?? backoffMillis(retryMillis, failures)) * (1 + random()));
    notBefore = at + waitMillis;
    telemetry.emit({ kind: 'notify_failed', reason: posted.reason, changes: due.length, waitMillis });
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      tick();
      await clock.sleep(tickMillis, stopped.signal);
    }
  }

  /** A defect here must not end the process that delivers. */
  function giveUp(error: unknown): void {
    const message = `nobody is told of changes of state any more: ${messageOf(error)}`;
    telemetry.emit({ kind: 'warning', code: 'NOTIFY_ENDED', message });
  }

  return { start: () => void run().catch(giveUp), stop: () => stopped.abort() };
}
