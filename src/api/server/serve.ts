import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Telemetry } from '../../core/ports.ts';
import type { Access, Caller, Denied } from './access.ts';
import { apiPath, openApiDocument } from '../contract/document.ts';
import { type Route, type RouteName, routes } from '../contract/routes.ts';
import { type Call, type Handlers, isRefused, type Refused, refuse } from './handler.ts';
import { openStream, type Subscribe } from './stream.ts';
import { requestCheckOf } from './validate.ts';

/** Routes that answer with a stream of events. */
export type StreamName = 'decisions';

export type StreamHandler = (call: Call<StreamName>) => Subscribe | Refused;

export type ServedName = Exclude<RouteName, StreamName | 'description' | 'session'>;

export interface ApiParts {
  readonly version: string;
  readonly access: Access;
  readonly telemetry: Telemetry;
  readonly handlers: Handlers<ServedName>;
  readonly decisions: StreamHandler;
}

const mebibyte = 1024 * 1024;
const longestBody = mebibyte;
/** An event may be as long as a record; the text of a file comes along. */
const longestEvent = 8 * mebibyte;

/** Serves the API, and keeps everybody out of the pages who may not use it. Probes and scrapers are answered before. */
export function serveApi(app: FastifyInstance, parts: ApiParts): void {
  const { access } = parts;
  keepOut(app, access);
  app.setErrorHandler(answerError);
  app.register(
    async (api) => {
      for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) serveRoute(api, name, route, parts);
    },
    { prefix: apiPath },
  );
}

function keepOut(app: FastifyInstance, access: Access): void {
  app.addHook('onRequest', async (request, reply) => {
    const caller = access.enter(request.headers);
    return 'status' in caller ? deny(reply, caller) : undefined;
  });
}

function deny(reply: FastifyReply, { status, ...body }: Denied): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Basic realm="meta-actions", charset="UTF-8"');
  return reply.code(status).send(body);
}

function serveRoute(api: FastifyInstance, name: RouteName, route: Route, parts: ApiParts): void {
  const check = requestCheckOf(route);
  const handle = handlerOf(name, parts);
  const changes = route.method === 'POST' && !readOnlyPosts.has(name);
  api.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ':$1'),
    bodyLimit: name === 'explain' || name === 'sendTest' ? longestEvent : longestBody,
    onRequest: async (request, reply) => {
      const denied = foreign(request) ?? (changes ? parts.access.denied(request.headers) : undefined);
      return denied && deny(reply, denied);
    },
    handler: async (request, reply) => {
      const problem = check.query(request.query) ?? check.body(request.body);
      if (problem !== undefined) return answerRefused(reply, refuse(400, 'REQUEST_INVALID', problem));
      const caller = parts.access.enter(request.headers) as Caller;
      const call = callOf(request, reply, caller);
      if (changes) audit(parts.telemetry, name, call);
      if (name === 'decisions') {
        const opened = parts.decisions(call as Call<StreamName>);
        return isRefused(opened) ? answerRefused(reply, opened) : openStream(reply, opened);
      }
      const answer = await handle(call);
      if (isRefused(answer)) return answerRefused(reply, answer);
      return reply.code(route.status).type('application/json').send(JSON.stringify(answer));
    },
  });
}

/** They send a body, and change nothing. */
const readOnlyPosts: ReadonlySet<RouteName> = new Set(['explain', 'previewReplay']);

type AnyHandler = (call: Call) => unknown;

function handlerOf(name: RouteName, parts: ApiParts): AnyHandler {
  const { access, version } = parts;
  if (name === 'description') return () => openApiDocument(version);
  if (name === 'session') {
    return ({ caller: { who } }) => ({
      who,
      changes: true,
      showIdentifiers: access.showIdentifiers,
      token: access.pageToken,
    });
  }
  if (name === 'decisions') return () => undefined;
  return parts.handlers[name] as AnyHandler;
}

/** What a page of another origin asks for is not answered, although it could not read it. */
function foreign({ headers }: FastifyRequest): Denied | undefined {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
  return {
    status: 403,
    code: 'FOREIGN_ORIGIN',
    error: 'pages of another origin get no answer here',
    fix: 'open the console at the address of this server',
  };
}

function callOf(request: FastifyRequest, reply: FastifyReply, caller: Caller): Call {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return {
    params: request.params as Readonly<Record<string, string>>,
    query: request.query,
    body: request.body,
    caller,
    signal: gone.signal,
  } as Call;
}

const longestAudited = 100;

function audit(telemetry: Telemetry, name: RouteName, { caller, params }: Call): void {
  const of = Object.values(params).join('/').slice(0, longestAudited);
  telemetry.emit({ kind: 'audit', who: caller.who, what: name, ...(of !== '' && { of }) });
}

function answerRefused(reply: FastifyReply, { refused, ...body }: Refused): FastifyReply {
  return reply.code(refused).send(body);
}

/** What the framework refuses: a body that is no JSON, or too long. Its own texts may repeat the request. */
function answerError(error: unknown, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = (error as { readonly statusCode?: number }).statusCode ?? 500;
  if (status === 413) return answerRefused(reply, refuse(413, 'BODY_TOO_LARGE', 'the body is too large'));
  if (status < 500)
    return answerRefused(reply, refuse(400, 'REQUEST_INVALID', 'the request is no JSON that can be read'));
  return answerRefused(reply, refuse(500, 'BUG', 'the program failed on this request: please report it'));
}
