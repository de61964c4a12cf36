import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { JsonObject } from '../../core/json.ts';
import type { Random } from '../../core/ports.ts';
import { type EnvelopeStyle, errorEnvelope, errorKey } from './envelope.ts';
import type { GraphError } from './graph-errors.ts';
import { type UsageLevel, type UseCase, usageHeaders } from './usage-headers.ts';

/** A whole HTTP answer. */
export interface GraphAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** How the answer is counted, when it is an error. */
  readonly error?: string;
}

/** What every answer of one request has in common. */
export interface AnswerContext {
  readonly fbtraceId: string;
  /** `v26.0`, as the request asked for. */
  readonly version: string;
  readonly usage: UsageLevel;
  /** Whose limits the call counts against. */
  readonly useCase: UseCase;
}

const json = 'application/json; charset=UTF-8';
const authCodes: ReadonlySet<number> = new Set([102, 104, 190]);

export function successAnswer(body: JsonObject, traced: boolean, context: AnswerContext): GraphAnswer {
  const text = JSON.stringify(traced ? { ...body, fbtrace_id: context.fbtraceId } : body);
  return { status: 200, headers: graphHeaders(context), body: text };
}

export function errorAnswer(error: GraphError, context: AnswerContext, style: EnvelopeStyle): GraphAnswer {
  const challenge = `OAuth "Facebook Platform" "invalid_request" "${error.message}"`;
  return {
    status: error.status,
    headers: {
      ...graphHeaders(context),
      'cache-control': 'no-store',
      ...(authCodes.has(error.code) ? { 'www-authenticate': challenge } : {}),
    },
    body: errorEnvelope(error, context.fbtraceId, style),
    error: errorKey(error),
  };
}

/** What a gateway before the Graph API answers: none of its headers. */
export function rawAnswer(status: number, contentType: string, body: string, location?: string): GraphAnswer {
  return { status, headers: { 'content-type': contentType, ...(location !== undefined && { location }) }, body };
}

/** The answer as a compressing proxy hands it on, asked or not. */
export function packedAnswer(answer: GraphAnswer, encoding: Packing): GraphAnswer {
  const headers = { ...answer.headers, 'content-encoding': encoding };
  return { ...answer, headers, body: packers[encoding](answer.body) };
}

export type Packing = 'gzip' | 'deflate' | 'br';

const packers: Readonly<Record<Packing, (body: string | Buffer) => Buffer>> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};

const traceAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Like Meta's: an A and 22 characters. */
export function newTraceId(random: Random): string {
  let id = 'A';
  for (let length = 1; length < 23; length += 1) id += traceAlphabet[Math.floor(random() * traceAlphabet.length)];
  return id;
}

function graphHeaders({ fbtraceId, version, usage, useCase }: AnswerContext): Readonly<Record<string, string>> {
  return {
    'content-type': json,
    'facebook-api-version': version,
    'x-fb-request-id': fbtraceId,
    'x-fb-trace-id': fbtraceId.slice(1, 12),
    'x-fb-rev': '1000000000',
    'x-fb-debug': fbtraceId.slice(12),
    ...usageHeaders(usage, useCase),
  };
}
