import type { FastifyInstance } from 'fastify';
import { own } from '../../core/json.ts';
import { bodyOf, limitOf, queryOf, stream } from './admin-requests.ts';
import type { AudienceStore } from '../audiences/audience-store.ts';
import { switchAudience } from './audience-switches.ts';
import { audienceView, membersView } from './audience-views.ts';

const unknownAudience = { error: 'no audience of this id' };

/** The endpoints under `/_sandbox` about audiences: who is in them, and how to misbehave. */
export function audienceAdminRoutes(app: FastifyInstance, store: AudienceStore): void {
  const idOf = (request: { readonly params: unknown }) => String(own(request.params, 'id'));

  app.get('/audiences', () => ({ audiences: store.list().map(audienceView) }));

  app.get('/audiences/:id', (request, reply) => {
    const audience = store.find(idOf(request));
    return audience === undefined ? reply.code(404).send(unknownAudience) : reply.send(audienceView(audience));
  });

  app.post('/audiences/:id', (request) => audienceView(switchAudience(store, idOf(request), bodyOf(request))));

  app.get('/audiences/:id/members', (request, reply) => {
    const audience = store.find(idOf(request));
    if (audience === undefined) return reply.code(404).send(unknownAudience);
    const query = queryOf(request);
    const filter = {
      hash: query.get('hash') ?? undefined,
      externalId: query.get('external_id') ?? undefined,
      limit: limitOf(query),
    };
    return stream(reply, 'application/x-ndjson; charset=utf-8', membersView(audience, filter));
  });

  app.get('/accounts/:id', (request, reply) => {
    const account = store.accounts.find(accountId(idOf(request)));
    return account === undefined ? reply.code(404).send({ error: 'no account of this id' }) : reply.send(account);
  });

  app.post('/accounts/:id', (request) => store.accounts.change(accountId(idOf(request)), bodyOf(request)));
}

function accountId(text: string): string {
  return text.replace(/^act_/, '');
}
