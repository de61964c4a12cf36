import type { FastifyInstance } from 'fastify';
import { ConnectorError, messageOf } from '../../core/errors.ts';
import { own } from '../../core/json.ts';
import { servePage } from '../../pages/pages.ts';
import { bodyOf, listFilter, queryOf, stream } from './admin-requests.ts';
import { duplicatesView, eventsView, idsView, requestsView } from './admin-views.ts';
import { type JsonMembers, jsonMembers } from '../graph/json-members.ts';
import type { SandboxMemory } from './state.ts';

export interface AdminParts {
  readonly memory: SandboxMemory;
  /** Stops listening at once, and listens again after `millis`. */
  readonly takeDown: (millis: number) => void;
}

/** The endpoints under `/_sandbox`: what was received, and how to misbehave. */
export function adminRoutes(app: FastifyInstance, { memory, takeDown }: AdminParts): void {
  const { log, store, faults } = memory;

  servePage(app, 'sandbox');

  app.get('/requests', (request, reply) => {
    const query = queryOf(request);
    const pieces = requestsView(log.entries(), listFilter(query), query.get('bodies') !== 'false');
    return stream(reply, 'application/json; charset=utf-8', pieces);
  });

  app.get('/events', (request, reply) => {
    const query = queryOf(request);
    const filter = {
      ...listFilter(query),
      eventId: query.get('event_id') ?? undefined,
      dataset: query.get('dataset') ?? undefined,
    };
    if (query.get('ids') === 'true')
      return stream(reply, 'application/x-ndjson; charset=utf-8', idsView(store, filter));
    return stream(reply, 'application/json; charset=utf-8', eventsView(store.events(), filter));
  });

  app.get('/duplicates', (request, reply) => {
    const { limit } = listFilter(queryOf(request));
    return stream(reply, 'application/json; charset=utf-8', duplicatesView(store.ids(), limit));
  });

  app.get('/summary', () => memory.summary());

  app.post('/reset', (_request, reply) => {
    memory.reset();
    return reply.code(204).send();
  });

  app.get('/faults', () => ({ faults: faults.list() }));
  app.post('/faults', (request, reply) => reply.code(201).send(faults.add(bodyOf(request))));
  app.delete('/faults', (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.delete('/faults/:id', (request, reply) => {
    const removed = faults.remove(Number(own(request.params, 'id')));
    return removed ? reply.code(204).send() : reply.code(404).send({ error: 'no fault of this id' });
  });

  app.post('/usage', (request) => {
    const members = jsonMembers(bodyOf(request), 'usage');
    const percent = members.requiredNumber('percent', 0);
    const regainMinutes = members.number('regainMinutes', 0) ?? 0;
    members.done();
    memory.setUsage({ percent, regainMinutes });
    return memory.usage();
  });

  app.post('/down', (request, reply) => {
    const millis = downMillis(jsonMembers(bodyOf(request), 'down'));
    reply.raw.once('finish', () => takeDown(millis));
    return reply.code(202).send({ millis });
  });

  app.all('/*', (_request, reply) => reply.code(404).send({ error: 'no such endpoint' }));

  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof ConnectorError ? 400 : (own(error, 'statusCode') ?? 500);
    return reply.code(Number(status)).send({ error: messageOf(error) });
  });
}

function downMillis(members: JsonMembers): number {
  const seconds = members.requiredNumber('seconds', 0);
  members.done();
  if (seconds <= 3600) return seconds * 1000;
  throw new ConnectorError('SANDBOX_REQUEST', 'down: seconds must be at most 3600');
}
