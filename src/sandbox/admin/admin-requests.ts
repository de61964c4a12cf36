import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConnectorError } from '../../core/errors.ts';
import type { ListFilter, Pieces } from './admin-views.ts';

/** Reading requests under `/_sandbox`. What can't be read throws `SANDBOX_REQUEST`, which is answered with 400. */
export function stream(reply: FastifyReply, contentType: string, pieces: Pieces): FastifyReply {
  return reply.header('content-type', contentType).send(Readable.from(pieces));
}

export function queryOf(request: FastifyRequest): URLSearchParams {
  const mark = request.url.indexOf('?');
  return new URLSearchParams(mark === -1 ? '' : request.url.slice(mark + 1));
}

export function listFilter(query: URLSearchParams): ListFilter {
  return { since: integer(query, 'since') ?? 0, limit: limitOf(query) };
}

/** Endless unless given. */
export function limitOf(query: URLSearchParams): number {
  return integer(query, 'limit') ?? Number.POSITIVE_INFINITY;
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ConnectorError('SANDBOX_REQUEST', `${name} must be a whole number`);
}

export function bodyOf(request: FastifyRequest): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '{}');
  } catch {
    throw new ConnectorError('SANDBOX_REQUEST', 'the body must be JSON');
  }
}
