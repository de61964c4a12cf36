import { ConnectorError } from '../../core/errors.ts';
import { jsonMembers } from '../graph/json-members.ts';

const accesses = ['granted', 'no_permission', 'development', 'none'] as const;
export const allTerms = ['accepted', 'custom_audience', 'business_tools', 'website'] as const;

/** The terms that were not accepted. */
export type Terms = (typeof allTerms)[number];

/** How an ad account behaves towards the token. */
export interface AdAccount {
  readonly id: string;
  /** What the token may do there; with `none` the account does not exist for it. */
  readonly access: (typeof accesses)[number];
  readonly terms: Terms;
  readonly in_business: boolean;
  /** enable_fetch_or_create is heeded. Without, every create makes an audience, as for clients that race. */
  readonly fetch_or_create: boolean;
}

/** Ad accounts by their id without `act_`. Every id exists, unless the option `adAccounts` names those that do. */
export interface AdAccounts {
  find(id: string): AdAccount | undefined;
  /** Changes how an account behaves. Throws `SANDBOX_REQUEST` for an invalid switch. */
  change(id: string, switches: unknown): AdAccount;
  clear(): void;
}

const maxChanged = 1000;

export function createAdAccounts(reachable: ReadonlySet<string> | undefined): AdAccounts {
  const changed = new Map<string, AdAccount>();

  function accountOf(id: string): AdAccount {
    const usual = { id, access: 'granted', terms: 'accepted', in_business: true, fetch_or_create: true } as const;
    return changed.get(id) ?? usual;
  }

  return {
    find(id) {
      const exists = reachable === undefined ? /^\d+$/.test(id) : reachable.has(id);
      return exists ? accountOf(id) : undefined;
    },
    change(id, switches) {
      const members = jsonMembers(switches, 'account');
      const before = accountOf(id);
      const account: AdAccount = {
        id,
        access: members.oneOf('access', accesses) ?? before.access,
        terms: members.oneOf('terms', allTerms) ?? before.terms,
        in_business: members.flag('in_business') ?? before.in_business,
        fetch_or_create: members.flag('fetch_or_create') ?? before.fetch_or_create,
      };
      members.done();
      if (changed.size >= maxChanged && !changed.has(id)) {
        throw new ConnectorError('SANDBOX_REQUEST', `at most ${maxChanged} accounts can be changed`);
      }
      changed.set(id, account);
      return account;
    },
    clear: () => changed.clear(),
  };
}
