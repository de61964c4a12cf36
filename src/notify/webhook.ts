import { createHmac } from 'node:crypto';
import { requestFailure } from '../core/request-failure.ts';
import { retryAfterMillis } from '../core/retry-after.ts';

export interface WebhookOptions {
  /** Read for each message. */
  url(): string;
  /** The key that messages are signed with; read for each message. */
  key?(): string;
  readonly fetch: typeof fetch;
  readonly timeoutMillis: number;
  /** Unix milliseconds. */
  now(): number;
}

/** What became of a message. `reason` is fit for a log: never the address, nor what was answered. */
export type Posted =
  | { readonly kind: 'taken' }
  | { readonly kind: 'failed'; readonly reason: string; readonly waitMillis?: number };

/** Sends one body to the webhook, in one request. Never rejects. */
export type Post = (body: string, signal: AbortSignal) => Promise<Posted>;

const longestWaitMillis = 3_600_000;

export function createWebhook(options: WebhookOptions): Post {
  const { timeoutMillis } = options;
  return async (body, signal) => {
    try {
      const seconds = Math.floor(options.now() / 1_000);
      const response = await options.fetch(options.url(), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'meta-actions',
          ...(options.key !== undefined && signed(body, seconds, options.key())),
        },
        body,
        // What is meant for one address goes to no other.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMillis)]),
      });
      // Not read: an answer without end would hold the message.
      await response.body?.cancel();
      return postedOf(response);
    } catch (error) {
      return { kind: 'failed', reason: requestFailure(error) };
    }
  };
}

/** `meta-actions-signature: v1=HEX`, the HMAC-SHA256 of time, full stop and body. The time keeps old messages from being sent again. */
function signed(body: string, seconds: number, key: string): Readonly<Record<string, string>> {
  const signature = createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
  return { 'meta-actions-timestamp': String(seconds), 'meta-actions-signature': `v1=${signature}` };
}

function postedOf({ ok, status, headers }: Response): Posted {
  if (ok) return { kind: 'taken' };
  const named = retryAfterMillis(headers.get('retry-after') ?? undefined, headers.get('date') ?? undefined);
  const wait = named === undefined ? {} : { waitMillis: Math.min(named, longestWaitMillis) };
  return { kind: 'failed', reason: `HTTP_${status}`, ...wait };
}
