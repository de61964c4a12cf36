import { type Dispatcher, Pool } from 'undici';
import { ConnectorError } from '../core/errors.ts';
import { appsecretProof, withProof } from './appsecret-proof.ts';
import { type FailedReply, type GraphReply, headerOf } from './graph-reply.ts';
import { failedReply } from './network-reason.ts';
import { bodyOf } from './reply-body.ts';

export interface GraphClientOptions {
  /** Origin, with a path when a proxy needs one. `https://graph.facebook.com` by default. */
  readonly baseUrl?: string;
  /** Sockets at most, each with one request at a time. */
  readonly connections?: number;
  readonly connectTimeoutMillis?: number;
  /** From the call to the last byte of the answer. */
  readonly requestTimeoutMillis?: number;
  /** An answer longer than this, as it comes or unpacked, is cut off and counts as unreadable. */
  readonly maxReplyBytes?: number;
}

export interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From the version on: `/v26.0/123/events`. */
  readonly path: string;
  /** UTF-8 text of a JSON object. */
  readonly body?: Buffer;
}

export interface GraphCall extends GraphRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly token: string;
  /** Sends `appsecret_proof`: in the body, or in the query of a request without one. */
  readonly appSecret?: string;
  readonly signal: AbortSignal;
  /** Asked in the tick in which the request is given to its socket. False: nothing of it is sent. */
  readonly maySend?: () => boolean;
}

export interface GraphClient {
  /** Never rejects for anything that the network or the other side does. One call is one request: nothing is retried. */
  request(call: GraphCall): Promise<GraphReply>;
  /** Ends the requests under way with their sockets; later ones get new sockets. */
  dropSockets(): void;
  /** Waits for the requests under way and closes the sockets. */
  close(): Promise<void>;
}

/** A pool of keep-alive connections to the Graph API. */
export function graphClient(options: GraphClientOptions = {}): GraphClient {
  const base = parseBase(options.baseUrl ?? 'https://graph.facebook.com');
  const timeoutMillis = options.requestTimeoutMillis ?? 30_000;
  const maxReplyBytes = options.maxReplyBytes ?? 1024 * 1024;
  const newPool = () =>
    new Pool(base.origin, {
      connections: options.connections ?? 8,
      connect: { timeout: options.connectTimeoutMillis ?? 10_000 },
      // One request per socket: a slow batch must not delay the answers of others.
      allowH2: false,
      pipelining: 1,
      headersTimeout: timeoutMillis,
      bodyTimeout: timeoutMillis,
      keepAliveTimeout: 10_000,
    });
  let pool = newPool();

  return {
    request: async (call) => {
      const progress: Progress = { sent: false, withheld: false, maySend: call.maySend };
      const wire = wireRequest(call, base.path);
      const deadline = startDeadline(call.signal, timeoutMillis);
      const answered = exchange(pool, { ...wire, signal: deadline.signal }, progress);
      try {
        // undici answers an abort only when the request gets a socket: don't wait for that.
        const ended = await Promise.race([read(answered, maxReplyBytes), deadline.ended]);
        return typeof ended === 'string' ? { kind: 'failed', reason: ended, sent: progress.sent } : ended;
      } catch (error) {
        return progress.withheld ? withheld : replyOf(error, progress.sent);
      } finally {
        deadline.stop();
      }
    },
    dropSockets: () => {
      const old = pool;
      pool = newPool();
      // Not at once: undici may be about to write to one of them, and has asked `maySend`.
      queueMicrotask(() => void old.destroy());
    },
    close: () => pool.close(),
  };
}

function parseBase(text: string): { origin: string; path: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const message = 'META_GRAPH_URL is not a URL that starts with http:// or https://; leave it out to reach Meta.';
    throw new ConnectorError('GRAPH_URL', message);
  }
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, '') };
}

function wireRequest(call: GraphCall, basePath: string): Dispatcher.RequestOptions {
  const proof = call.appSecret === undefined ? undefined : appsecretProof(call.token, call.appSecret);
  const body = proof !== undefined && call.body !== undefined ? withProof(call.body, proof) : call.body;
  const inQuery = proof !== undefined && call.body === undefined;
  const path = `${basePath}${call.path}`;
  return {
    method: call.method,
    path: inQuery ? `${path}${path.includes('?') ? '&' : '?'}appsecret_proof=${proof}` : path,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity',
      // In the header and not in the URL, which proxies and access logs keep.
      authorization: `Bearer ${call.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(body === undefined ? {} : { body }),
  };
}

interface Progress {
  sent: boolean;
  withheld: boolean;
  readonly maySend: (() => boolean) | undefined;
}

const withheld: FailedReply = { kind: 'failed', reason: 'withheld', sent: false };

async function exchange(pool: Pool, options: Dispatcher.RequestOptions, progress: Progress) {
  return pool
    .compose((dispatch) => (dispatched, handler) => dispatch(dispatched, watching(handler, progress)))
    .request(options);
}

/** The handler, with a note of the moment when the request is given a connected socket, and a last question then. */
function watching(handler: Dispatcher.DispatchHandler, progress: Progress): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => {
      progress.withheld = progress.maySend?.() === false;
      progress.sent = !progress.withheld;
      handler.onRequestStart?.(controller, context);
      if (progress.withheld) controller.abort(new Error('withheld'));
    },
    onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
    onResponseStart: (...given) => handler.onResponseStart?.(...given),
    onResponseData: (...given) => handler.onResponseData?.(...given),
    onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
    onResponseError: (...given) => handler.onResponseError?.(...given),
  };
}

async function read(answered: Promise<Dispatcher.ResponseData>, maxBytes: number): Promise<GraphReply> {
  const { statusCode, headers, body } = await answered;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the body and its socket.
    if (bytes > maxBytes) break;
    chunks.push(chunk);
  }
  const reply = { kind: 'answered', status: statusCode, headers } as const;
  if (bytes > maxBytes) return { ...reply, unreadable: 'length' };
  return { ...reply, ...(await bodyOf(Buffer.concat(chunks), headerOf(headers, 'content-encoding') ?? '', maxBytes)) };
}

function replyOf(error: unknown, sent: boolean): FailedReply {
  if (error instanceof Error && Reflect.get(error, 'code') === 'UND_ERR_INVALID_ARG') {
    throw new ConnectorError('GRAPH_REQUEST', `The request can't be sent as HTTP: ${error.message}.`, {}, error);
  }
  return failedReply(error, sent);
}

/** Ends a request when its time is over or the caller gives up; leaves no timer behind. */
function startDeadline(signal: AbortSignal, millis: number) {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<'timeout' | 'aborted'>();
  const end = (reason: 'timeout' | 'aborted') => {
    // Before undici hears of it, so that the race is decided.
    resolve(reason);
    controller.abort();
  };
  const giveUp = () => end('aborted');
  const timer = setTimeout(() => end('timeout'), millis);
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  return {
    signal: controller.signal,
    ended: promise,
    stop: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    },
  };
}
