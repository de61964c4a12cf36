import { own } from '../core/json.ts';
import { isPrivateUrl } from '../core/loopback.ts';
import type { Clock } from '../core/ports.ts';
import type { Destination } from '../core/subscription.ts';
import { readCredentials } from '../meta/credentials.ts';
import type { GraphClient } from '../meta/graph-client.ts';
import { debugTokenRequest, tokenEndOf } from '../meta/token-end.ts';

export interface TokenWatchOptions {
  readonly client: Pick<GraphClient, 'request'>;
  readonly graphUrl: string;
  readonly clock: Clock;
}

/** A token that ends within a month. */
export interface TokenEnding {
  readonly destination: string;
  /** The last of the days that are told which has come; 0: it has ended. */
  readonly warning: number;
  readonly message: string;
  readonly fix: string;
}

/** Asks Meta now and then when the tokens of the destinations end. */
export interface TokenWatch {
  endings(): readonly TokenEnding[];
  /** These are active from now on, and their tokens may be others than before. */
  take(destinations: readonly Destination[]): void;
  /** Asks until it is stopped. Nothing is asked where the token would be seen on the way. */
  start(): void;
  stop(): void;
}

const checkMillis = 6 * 3_600_000;
const dayMillis = 24 * 3_600_000;
const warnDays = [30, 14, 7, 3, 1, 0];
const fix = 'make one of a system user, which never expires, and put it where access_token points to';

export function createTokenWatch({ client, graphUrl, clock }: TokenWatchOptions): TokenWatch {
  let active: readonly Destination[] = [];
  /** By destination: Unix seconds, and the token whose end that is. */
  const ends = new Map<string, { readonly token: string; readonly end: number }>();
  let wake: () => void = () => undefined;
  const stopped = new AbortController();
  const { signal } = stopped;

  async function ask({ name, settings }: Destination): Promise<void> {
    const secret = readCredentials(settings);
    if ('failure' in secret) return;
    const { token } = secret;
    // Of another one nothing is known until Meta tells.
    if (ends.get(name)?.token !== token) ends.delete(name);
    const request = debugTokenRequest(token, settings.apiVersion);
    const reply = await client.request({ ...request, ...secret, signal });
    // Meta doesn't tell every token about itself, as those of the Events Manager: then nothing is known.
    const data = reply.kind === 'answered' && reply.status === 200 ? own(reply.json, 'data') : undefined;
    if (data === undefined) return;
    const end = tokenEndOf(data);
    if (end === undefined) ends.delete(name);
    else ends.set(name, { token, end });
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const again = new AbortController();
      wake = () => again.abort();
      for (const destination of active) {
        if (!signal.aborted) await ask(destination);
      }
      await clock.sleep(checkMillis, AbortSignal.any([signal, again.signal]));
    }
  }

  function endingOf({ name: destination }: Destination): readonly TokenEnding[] {
    const end = ends.get(destination)?.end;
    if (end === undefined) return [];
    const daysLeft = Math.ceil((end * 1_000 - clock.now()) / dayMillis);
    const warning = warnDays.findLast((days) => daysLeft <= days);
    if (warning === undefined) return [];
    const day = new Date(end * 1_000).toISOString().slice(0, 10);
    const message = `The token, or what it may see, ${daysLeft <= 0 ? 'has ended' : 'ends'} on ${day}.`;
    return [{ destination, warning, message, fix }];
  }

  return {
    endings: () => active.flatMap(endingOf),
    take(destinations) {
      active = destinations;
      wake();
    },
    start() {
      if (isPrivateUrl(graphUrl)) void run();
    },
    stop: () => stopped.abort(),
  };
}
