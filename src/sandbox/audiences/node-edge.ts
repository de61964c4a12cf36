import type { AdAccount } from './ad-accounts.ts';
import type { AudienceAccess } from './audience-access.ts';
import { audienceFields } from './audience-fields.ts';
import type { AudienceStore } from './audience-store.ts';
import { type Edge, type Judged, refused } from '../graph/edge.ts';
import { readFields } from '../graph/field-selection.ts';
import { type GraphCall, parameter } from '../graph/graph-call.ts';
import { missingPermission, unsupportedRequest } from '../graph/graph-errors.ts';

/** `GET /{version}/{object}`: an ad account or an audience. */
export function nodeEdge(access: AudienceAccess, store: AudienceStore): Edge {
  function judge(call: GraphCall, objectId: string): Judged {
    if (objectId.startsWith('act_')) return readAccount(call, objectId);
    return store.find(objectId) === undefined ? unknownNode(call, objectId) : readAudience(call, objectId);
  }

  function readAccount(call: GraphCall, objectId: string): Judged {
    const account = access.account(call, objectId);
    if ('error' in account) return account;
    const fields = readFields(call, accountFields, 'AdAccount');
    if (fields.kind === 'refused') return fields;
    return { kind: 'accepted', apply: () => fields.read(account, accountFields) };
  }

  function readAudience(call: GraphCall, id: string): Judged {
    const audience = access.audience(call, id);
    if ('error' in audience) return audience;
    const fields = readFields(call, audienceFields, 'CustomAudience');
    if (fields.kind === 'refused') return fields;
    return { kind: 'accepted', apply: () => fields.read(audience, audienceFields) };
  }

  return { method: 'GET', name: '', judge };
}

/** Without fields it is taken for a dataset, which a token of the Events Manager may not read. */
function unknownNode(call: GraphCall, objectId: string): Judged {
  const error = parameter(call, 'fields') === undefined ? missingPermission() : unsupportedRequest('GET', objectId);
  return refused(error);
}

type ReadField = (account: AdAccount) => unknown;

const accountFields: Readonly<Record<string, ReadField>> = {
  id: ({ id }) => `act_${id}`,
  account_id: ({ id }) => id,
  name: ({ id }) => `Account ${id}`,
  account_status: () => 1,
  business: ({ in_business }) => (in_business ? { id: '100000000000000', name: 'Business' } : undefined),
  tos_accepted: acceptedTerms,
  user_tos_accepted: acceptedTerms,
};

/** Terms that were not accepted are left out. */
function acceptedTerms({ terms }: AdAccount): object {
  return terms === 'custom_audience' || terms === 'website' ? {} : { custom_audience_tos: 1 };
}
