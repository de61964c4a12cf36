import type { AdAccount } from './ad-accounts.ts';
import { type Audience, flaggedStatus } from './audience.ts';
import {
  accountWithoutBusiness,
  audienceDeleted,
  audienceNotShared,
  audienceNotWritable,
  audienceTermsNotAccepted,
  developmentAccess,
  uploadBlocked,
  websiteTermsNotAccepted,
} from './audience-errors.ts';
import type { AudienceStore } from './audience-store.ts';
import { type Refused, refused } from '../graph/edge.ts';
import type { GraphCall } from '../graph/graph-call.ts';
import {
  deprecatedVersion,
  type GraphError,
  permissionsError,
  termsNotAccepted,
  unsupportedRequest,
} from '../graph/graph-errors.ts';
import { compareVersions, parseVersion, type SandboxRules } from '../graph/options.ts';
import { mayUseAdAccounts } from '../graph/token-facts.ts';

/** Who may do what with ad accounts and their audiences. */
export interface AudienceAccess {
  /** An account that the token may use; `objectId` is `act_` and digits. */
  account(call: GraphCall, objectId: string): AdAccount | Refused;
  /** An account in which audiences and their users may be changed. */
  writableAccount(call: GraphCall, objectId: string): AdAccount | Refused;
  /** An audience that the token may look at. */
  audience(call: GraphCall, id: string): Audience | Refused;
  /** An audience whose users may be changed. */
  writableAudience(call: GraphCall, id: string): Audience | Refused;
}

export function audienceAccess(rules: SandboxRules, store: AudienceStore): AudienceAccess {
  /** Versions of the Marketing API end earlier than those of the Conversions API. */
  function versionError(call: GraphCall): GraphError | undefined {
    const version = parseVersion(call.path[0] ?? '');
    if (version === undefined || compareVersions(version, rules.minMarketingVersion) >= 0) return undefined;
    return deprecatedVersion(rules.maxVersion);
  }

  /** What the token may do at all comes before what it may do in this account. */
  function accessError(call: GraphCall, account: AdAccount, objectId: string): Refused | undefined {
    if (!mayUseAdAccounts(rules.tokenFacts(call.token), call.method)) return refused(permissionsError());
    return accountError(account, call.method, objectId);
  }

  function account(call: GraphCall, objectId: string): AdAccount | Refused {
    const found = objectId.startsWith('act_') ? store.accounts.find(objectId.slice(4)) : undefined;
    const old = versionError(call);
    if (old !== undefined) return refused(old);
    if (found === undefined) return refused(unsupportedRequest(call.method, objectId));
    return accessError(call, found, objectId) ?? found;
  }

  function audience(call: GraphCall, id: string): Audience | Refused {
    const old = versionError(call);
    if (old !== undefined) return refused(old);
    const found = store.find(id);
    if (found === undefined) return refused(unsupportedRequest(call.method, id));
    if (found.deleted) return refused(audienceDeleted());
    if (!found.shared) return refused(audienceNotShared());
    const owner = store.accounts.find(found.accountId);
    if (owner === undefined) return refused(unsupportedRequest(call.method, id));
    return accessError(call, owner, id) ?? found;
  }

  return {
    account,
    audience,
    writableAccount(call, objectId) {
      const found = account(call, objectId);
      if ('error' in found) return found;
      const error = termsError(found.terms, found.id) ?? businessError(found);
      return error === undefined ? found : refused(error);
    },
    writableAudience(call, id) {
      const found = audience(call, id);
      if ('error' in found) return found;
      const owner = store.accounts.find(found.accountId);
      const error =
        termsError(found.terms ?? owner?.terms, found.accountId) ?? businessError(owner) ?? contentError(found);
      return error === undefined ? found : refused(error);
    },
  };
}

function accountError({ access }: AdAccount, method: string, objectId: string): Refused | undefined {
  switch (access) {
    case 'none':
      return refused(unsupportedRequest(method, objectId));
    case 'no_permission':
      return refused(permissionsError());
    case 'development':
      return refused(developmentAccess());
    default:
      return undefined;
  }
}

function termsError(terms: AdAccount['terms'] | undefined, accountId: string): GraphError | undefined {
  switch (terms) {
    case 'custom_audience':
      return audienceTermsNotAccepted();
    case 'business_tools':
      return termsNotAccepted();
    case 'website':
      return websiteTermsNotAccepted(accountId);
    default:
      return undefined;
  }
}

function businessError(account: AdAccount | undefined): GraphError | undefined {
  return account?.in_business === false ? accountWithoutBusiness() : undefined;
}

/** Only lists of customers that one may edit take users, and no flagged one does (Meta: Custom audience users). */
function contentError({ subtype, editable, operationStatus }: Audience): GraphError | undefined {
  if (subtype !== 'CUSTOM' || !editable) return audienceNotWritable();
  return operationStatus === flaggedStatus ? uploadBlocked() : undefined;
}
