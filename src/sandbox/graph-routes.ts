import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { own } from '../core/json.ts';
import { eventsOf } from './conversions/conversions-edge.ts';
import { type GraphAnswer, rawAnswer } from './graph/graph-answer.ts';
import { isJsonType, readBody } from './graph/graph-body.ts';
import { type GraphCall, graphCall } from './graph/graph-call.ts';
import type { GraphService } from './graph-service.ts';
import { redactBody, redactHeaders, redactQuery, redactText } from './graph/redact.ts';
import type { RequestEntry, RequestLog } from './graph/request-log.ts';

export interface GraphParts {
  readonly now: () => number;
  readonly log: RequestLog;
  readonly service: GraphService;
  /** Aborts when the sandbox closes. */
  readonly signal: AbortSignal;
}

/** Everything that isn't under `/_sandbox` is a call to the Graph API. */
export function graphRoutes(app: FastifyInstance, { now, log, service, signal }: GraphParts): void {
  app.all('/*', async (request, reply) => {
    const { call, entry } = await received(request, now(), log);
    const end = await service(call, entry, signal);
    if (end.kind === 'answer') return send(reply, end.answer, entry);
    reply.hijack();
    if (end.kind === 'reset') request.raw.socket.resetAndDestroy();
    return undefined;
  });

  /** What fails before a call can be read fails as at a gateway: no envelope. */
  app.setErrorHandler(async (error, request, reply) => {
    const tooLarge = own(error, 'code') === 'FST_ERR_CTP_BODY_TOO_LARGE';
    const status = tooLarge ? 413 : Number(own(error, 'statusCode') ?? 500);
    const { entry } = await received(request, now(), log);
    return send(reply, rawAnswer(status, 'text/html', `<html><body>${status}</body></html>`), entry);
  });

  function send(reply: FastifyReply, answer: GraphAnswer, entry: RequestEntry): FastifyReply {
    log.answered(entry, answer);
    return reply.code(answer.status).headers(answer.headers).send(answer.body);
  }
}

interface Received {
  readonly call: GraphCall;
  readonly entry: RequestEntry;
}

/** Reads the request and remembers it, without its secrets. */
async function received(request: FastifyRequest, time: number, log: RequestLog): Promise<Received> {
  const { headers, method, url } = request;
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const contentType = headers['content-type'] ?? '';
  const body = await readBody(bytes, contentType, headers['content-encoding'] ?? '');
  const host = headers.host ?? '';
  const call = graphCall({ method, url, host, authorization: headers.authorization, body });
  const entry = log.add({
    time,
    method,
    path: redactText(`/${call.path.join('/')}`),
    query: redactQuery(call.query),
    headers: redactHeaders(headers),
    tokenInUrl: call.tokenInUrl,
    events: eventsOf(call).length,
    bytes: bytes.length,
    body: redactBody(bytes, body, isJsonType(contentType)),
  });
  return { call, entry };
}
