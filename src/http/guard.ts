import type { FastifyInstance, FastifyReply } from 'fastify';
import { safeHeaders } from './guard-headers.ts';
import { type Asked, foreignHost, foreignOrigin, oddPath, otherThanJson, type Refusal } from './refusals.ts';

/** Refuses what a website made its visitor's browser send. `boundTo` is the address that the server listens on. */
export function guardAgainstWebsites(app: FastifyInstance, boundTo: string): void {
  app.addHook('onRequest', async (request, reply) => {
    const refusal = foreignHost(request, boundTo) ?? foreignOrigin(request);
    return refusal && refuse(reply, refusal);
  });
}

/**
 * For pages and for calls of our own: plain paths, JSON where something changes, and answers that a browser neither
 * frames, nor guesses the type of, nor hands to other origins. A page sets a policy of its own.
 */
export function guardCalls(app: FastifyInstance): void {
  app.addHook('onRequest', async (request: Asked, reply) => {
    reply.headers(safeHeaders);
    const refusal = oddPath(request) ?? otherThanJson(request);
    return refusal && refuse(reply, refusal);
  });
}

/** For `frameworkErrors`: a path that can't be decoded reaches no hook, and the framework's own answer would repeat it. */
export function answerBadPath(_error: unknown, _request: unknown, reply: FastifyReply): void {
  reply.headers(safeHeaders);
  refuse(reply, { status: 400, error: 'the path is not one that can be asked for' });
}

function refuse(reply: FastifyReply, { status, error }: Refusal): FastifyReply {
  return reply.code(status).send({ error });
}
