import { type AdAccounts, createAdAccounts } from './ad-accounts.ts';
import { type Audience, newAudience, normalStatus, replaceFailedStatus } from './audience.ts';
import { createExternalIds, type ExternalIds } from './external-ids.ts';
import type { AudienceProperties, SandboxRules } from '../graph/options.ts';
import { createSessionBook, type SessionBook } from './session-book.ts';

export interface AudienceCounts {
  readonly audiences: number;
  /** Memberships, over all audiences. */
  readonly members: number;
  readonly rowsReceived: number;
  readonly rowsInvalid: number;
  /** Valid rows that there was no room for. */
  readonly rowsNotKept: number;
}

/** Custom Audiences, their ad accounts and upload sessions. */
export interface AudienceStore {
  readonly accounts: AdAccounts;
  readonly sessions: SessionBook;
  externalIds(accountId: string): ExternalIds;
  /** Undefined when there is no room for one more. */
  create(properties: Omit<AudienceProperties, 'id'> & { readonly id?: string }): Audience | undefined;
  /** There is no room for one more. */
  isFull(): boolean;
  find(id: string): Audience | undefined;
  /** Oldest first; with an account, those of it that were not deleted. */
  list(accountId?: string): Audience[];
  /** How many more keys of users there is room for. */
  room(): number;
  count(rows: Partial<Pick<AudienceCounts, 'rowsReceived' | 'rowsInvalid' | 'rowsNotKept'>>): void;
  counts(): AudienceCounts;
  clear(): void;
}

const maxAudiences = 10_000;

export function createAudienceStore(rules: SandboxRules): AudienceStore {
  const accounts = createAdAccounts(rules.adAccounts);
  const sessions = createSessionBook(rules.now);
  let audiences = new Map<string, Audience>();
  let externalIds = new Map<string, ExternalIds>();
  let lastId = 0;
  let rows = noRows();
  seed();

  function seed(): void {
    for (const given of rules.audiences) create({ ...seedProperties, ...given, accountId: given.accountId });
  }

  function create(properties: Omit<AudienceProperties, 'id'> & { readonly id?: string }): Audience | undefined {
    if (audiences.size >= maxAudiences) return undefined;
    const audience = newAudience({ ...properties, id: properties.id ?? newId() }, rules.now());
    audiences.set(audience.id, audience);
    return audience;
  }

  /** As long as Meta's: more digits than a number keeps. */
  function newId(): string {
    lastId += 1;
    return `120200000000${String(lastId).padStart(6, '0')}`;
  }

  /** A replacement that wasn't finished in time leaves what had arrived. */
  function settled(audience: Audience): Audience {
    const { replacement } = audience;
    if (replacement === undefined || sessions.endOf(replacement.session) !== 'timed_out') return audience;
    const { session, estimatedTotal } = replacement;
    const complete = estimatedTotal !== undefined && session.received >= estimatedTotal;
    audience.members = replacement.members;
    audience.replacement = undefined;
    audience.operationStatus = complete ? normalStatus : replaceFailedStatus;
    return audience;
  }

  return {
    accounts,
    sessions,
    externalIds(accountId) {
      const known = externalIds.get(accountId) ?? createExternalIds(rules.keepMemberKeys);
      externalIds.set(accountId, known);
      return known;
    },
    create,
    isFull: () => audiences.size >= maxAudiences,
    find(id) {
      const audience = audiences.get(id);
      return audience === undefined ? undefined : settled(audience);
    },
    list(accountId) {
      const all = [...audiences.values()].map(settled);
      return accountId === undefined
        ? all
        : all.filter((audience) => audience.accountId === accountId && !audience.deleted);
    },
    room() {
      let kept = 0;
      for (const { members, replacement } of audiences.values()) {
        kept += members.keyCount() + (replacement?.members.keyCount() ?? 0);
      }
      return rules.keepMemberKeys - kept;
    },
    count(more) {
      rows = {
        rowsReceived: rows.rowsReceived + (more.rowsReceived ?? 0),
        rowsInvalid: rows.rowsInvalid + (more.rowsInvalid ?? 0),
        rowsNotKept: rows.rowsNotKept + (more.rowsNotKept ?? 0),
      };
    },
    counts() {
      let members = 0;
      for (const audience of audiences.values()) members += settled(audience).members.size();
      return { audiences: audiences.size, members, ...rows };
    },
    clear() {
      accounts.clear();
      sessions.clear();
      audiences = new Map();
      externalIds = new Map();
      rows = noRows();
      seed();
    },
  };
}

function noRows() {
  return { rowsReceived: 0, rowsInvalid: 0, rowsNotKept: 0 };
}

/** What an audience is that was only given an account and a name. */
export const seedProperties = {
  name: 'Audience',
  subtype: 'CUSTOM',
  description: '',
  customerFileSource: 'USER_PROVIDED_ONLY',
  retentionDays: 0,
  isValueBased: false,
  optOutLink: '',
  labels: [],
} as const;
