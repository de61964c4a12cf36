import type { AudienceProperties } from '../graph/options.ts';
import type { AudienceAccess } from './audience-access.ts';
import { tooManyAudiences } from './audience-errors.ts';
import type { AudienceStore } from './audience-store.ts';
import { type Edge, type Judged, type Refused, refused } from '../graph/edge.ts';
import { type GraphCall, parameter } from '../graph/graph-call.ts';
import { requestError } from '../graph/graph-errors.ts';
import { isTrue } from './user-payload.ts';

const sources = ['USER_PROVIDED_ONLY', 'PARTNER_PROVIDED_ONLY', 'BOTH_USER_AND_PARTNER_PROVIDED'];
const knownLabels = new Set([
  'QUALIFIED_LEADS',
  'DISQUALIFIED_LEADS',
  'APP_USERS',
  'TRIAL_USERS',
  'ENGAGED_USERS',
  'HIGH_VALUE_CUSTOMERS',
  'LOW_VALUE_CUSTOMERS',
  'AT_RISK',
  'DISENGAGED',
  'CUSTOMERS',
]);

/** Customer lists of one ad account (Meta: Custom audiences). */
const maxCustomerLists = 500;

/** `POST /{version}/act_{account}/customaudiences`, for customer lists alone. */
export function createAudienceEdge(access: AudienceAccess, store: AudienceStore): Edge {
  function judge(call: GraphCall, objectId: string): Judged {
    const account = access.writableAccount(call, objectId);
    if ('error' in account) return account;
    const properties = readProperties(call, account.id);
    if ('error' in properties) return properties;
    const mayFetch = account.fetch_or_create && isTrue(parameter(call, 'enable_fetch_or_create'));
    const lists = store.list(account.id).filter(({ subtype }) => subtype === 'CUSTOM');
    const known = mayFetch ? lists.find(({ name }) => name === properties.name) : undefined;
    if (known !== undefined) return { kind: 'accepted', apply: () => ({ id: known.id }) };
    if (lists.length >= maxCustomerLists || store.isFull()) return refused(tooManyAudiences());
    return { kind: 'accepted', apply: () => ({ id: store.create(properties)?.id }) };
  }

  return { method: 'POST', name: 'customaudiences', judge };
}

function readProperties(call: GraphCall, accountId: string): Omit<AudienceProperties, 'id'> | Refused {
  if (call.unreadable !== undefined) return refused(requestError(call.unreadable));
  const missing = ['name', 'subtype', 'customer_file_source'].filter((name) => text(call, name) === '');
  if (missing.length > 0) return refused(requestError(`Missing parameter(s): ${missing.join(', ')}`));
  if (text(call, 'subtype') !== 'CUSTOM') return wrong('subtype', 'CUSTOM; the sandbox makes no others');
  if (!sources.includes(text(call, 'customer_file_source'))) {
    return wrong('customer_file_source', `one of ${sources.join(', ')}`);
  }
  const days = parameter(call, 'retention_days');
  const retentionDays = days === undefined || days === '' ? 0 : Number(days);
  if (retentionDays !== 0 && !(Number.isInteger(retentionDays) && retentionDays >= 1 && retentionDays <= 180)) {
    return wrong('retention_days', 'from 1 to 180');
  }
  const labels = listOf(parameter(call, 'audience_labels'));
  if (labels?.every((label) => knownLabels.has(label)) !== true) {
    return wrong('audience_labels', `a list of ${[...knownLabels].join(', ')}`);
  }
  return {
    accountId,
    name: text(call, 'name'),
    subtype: 'CUSTOM',
    description: text(call, 'description'),
    customerFileSource: text(call, 'customer_file_source'),
    retentionDays,
    isValueBased: isTrue(parameter(call, 'is_value_based')),
    optOutLink: text(call, 'opt_out_link'),
    labels,
  };
}

function text(call: GraphCall, name: string): string {
  const value = parameter(call, name);
  return typeof value === 'string' ? value : '';
}

/** A list, or in a form the JSON text of one. */
function listOf(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === '') return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  if (typeof value !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? [parsed] : listOf(parsed);
  } catch {
    return [value];
  }
}

function wrong(name: string, expected: string): Refused {
  return refused(requestError(`The parameter ${name} must be ${expected}`));
}
