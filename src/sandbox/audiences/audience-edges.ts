import { audienceAccess } from './audience-access.ts';
import type { AudienceStore } from './audience-store.ts';
import { createAudienceEdge } from './create-audience-edge.ts';
import type { Edge } from '../graph/edge.ts';
import { listAudiencesEdge } from './list-audiences-edge.ts';
import { nodeEdge } from './node-edge.ts';
import type { SandboxRules } from '../graph/options.ts';
import { sessionsEdge } from './sessions-edge.ts';
import { createUserUpload } from './user-upload.ts';
import { usersEdge } from './users-edge.ts';
import { usersOfAnyAudienceEdge } from './users-of-any-audience-edge.ts';
import { usersReplaceEdge } from './users-replace-edge.ts';

/** Everything about Custom Audiences and their ad accounts. */
export function audienceEdges(rules: SandboxRules, store: AudienceStore): readonly Edge[] {
  const access = audienceAccess(rules, store);
  const users = { access, store, upload: createUserUpload(rules, store) };
  return [
    createAudienceEdge(access, store),
    listAudiencesEdge(access, store),
    nodeEdge(access, store),
    usersEdge('add', users),
    usersEdge('remove', users),
    usersReplaceEdge(users),
    usersOfAnyAudienceEdge(users),
    sessionsEdge(access, store),
  ];
}
