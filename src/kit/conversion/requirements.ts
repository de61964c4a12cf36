import type { ActionContext } from '../../core/action.ts';
import type { Failure } from '../../core/outcome.ts';
import { failureOf } from '../field-error.ts';
import type { CustomData } from './custom-data.ts';
import type { EventFields } from './fields/event.ts';
import { messagingFailure } from './messaging.ts';
import { type UserData, userDataKeys } from './user-data.ts';

/** A conversion that is built but for its checks. */
export interface Draft {
  readonly fields: EventFields;
  readonly actionSource: string;
  readonly user: UserData;
  readonly custom: CustomData;
}

/**
 * Why Meta would surely refuse the event, or why the destination's settings do; undefined when it may go. What Meta
 * only advises is a warning, unless the destination enforces it.
 */
export function requirementFailure(draft: Draft, context: ActionContext): Failure | undefined {
  return (
    purchaseFailure(draft) ??
    (draft.actionSource === 'business_messaging' ? messagingFailure(draft.fields, draft.user) : undefined) ??
    (isTooBroad(draft.user) ? identifiersInsufficient : undefined) ??
    (draft.actionSource === 'website' ? websiteFailure(draft, context) : undefined)
  );
}

/** Errors 2804009 and 2804010; 0 is a value. */
function purchaseFailure({ fields, custom }: Draft): Failure | undefined {
  if (fields.event_name !== 'Purchase') return undefined;
  if (custom['value'] === undefined) return purchaseValueMissing;
  return custom['currency'] === undefined ? purchaseCurrencyMissing : undefined;
}

/** Meta, best practices: keys that together still fit far too many people (error 2804050), as bits. */
const broad: Readonly<Record<string, number>> = {
  ct: 0b0001,
  country: 0b0001,
  st: 0b0001,
  zp: 0b0001,
  ge: 0b1101,
  client_user_agent: 0b0011,
  db: 0b0010,
  fn: 0b0100,
  ln: 0b1000,
};

/** A partner's name and what came with `extra` identify nobody as far as is known. */
const identifying: ReadonlySet<string> = new Set(
  [...userDataKeys].filter((key) => key !== 'partner_id' && key !== 'partner_name'),
);

/** True when all keys belong to one of the combinations that Meta finds too broad; also when there are none. */
function isTooBroad(user: UserData): boolean {
  // Most events have one of these.
  if (user['em'] !== undefined || user['ph'] !== undefined || user['external_id'] !== undefined) return false;
  let combinations = 0b1111;
  for (const key of Object.keys(user)) {
    combinations &= broad[key] ?? (identifying.has(key) ? 0 : 0b1111);
    if (combinations === 0) return false;
  }
  return true;
}

/** Meta, best practices: both are documented as required of a website event, which Meta takes without them. */
function websiteFailure({ user, fields }: Draft, context: ActionContext): Failure | undefined {
  if (user['client_user_agent'] === undefined) {
    if (context.settings.requirements === 'enforce') return userAgentMissing;
    context.warn(userAgentMissing);
  }
  if (fields.event_source_url === undefined) {
    if (context.settings.requirements === 'enforce') return pageUrlMissing;
    context.warn(pageUrlMissing);
  }
  return undefined;
}

const purchaseValueMissing = failureOf(
  'PURCHASE_VALUE_MISSING',
  'value',
  'A Purchase needs a value.',
  "Map value to the order's total, a number.",
);

const purchaseCurrencyMissing = failureOf(
  'PURCHASE_CURRENCY_MISSING',
  'currency',
  'A Purchase needs a currency.',
  'Map currency to a three-letter code, or to a literal one if the shop has only one.',
);

const identifiersInsufficient = failureOf(
  'IDENTIFIERS_INSUFFICIENT',
  'user_data',
  'The event identifies nobody, or only by what very many people have in common.',
  'Map at least one of em, ph, external_id, fbp, fbc, client_ip_address or madid.',
);

const userAgentMissing = failureOf(
  'USER_AGENT_MISSING',
  'client_user_agent',
  'Meta asks for the user agent of the browser in website events.',
  'Map client_user_agent, by default context.userAgent.',
);

const pageUrlMissing = failureOf(
  'EVENT_SOURCE_URL_MISSING',
  'event_source_url',
  'Meta asks for the address of the page in website events.',
  'Map event_source_url, by default context.page.url.',
);
