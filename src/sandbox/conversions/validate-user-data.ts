import type { JsonObject } from '../../core/json.ts';
import type { EventCheck, EventScope } from './event-check.ts';
import { eventPath } from './event-path.ts';
import { type GraphError, parameterError, validationError } from '../graph/graph-errors.ts';

/** Must be hashed (Meta: customer information parameters). */
const hashedKeys = ['em', 'ph', 'fn', 'ln', 'db', 'ge', 'ct', 'st', 'zp', 'country'];

const plainKeys = [
  'external_id',
  'client_ip_address',
  'client_user_agent',
  'fbc',
  'fbp',
  'subscription_id',
  'fb_login_id',
  'lead_id',
  'anon_id',
  'madid',
  'page_id',
  'page_scoped_user_id',
  'ctwa_clid',
  'ig_account_id',
  'ig_sid',
  'instagram_business_account_id',
  'whatsapp_business_account_id',
  'f5first',
  'f5last',
  'fi',
  'dobd',
  'dobm',
  'doby',
  'app_user_id',
];

/** Accepted, but it identifies nobody. */
const partnerKeys: ReadonlySet<string> = new Set(['partner_id', 'partner_name']);

const identifyingKeys: ReadonlySet<string> = new Set([...hashedKeys, ...plainKeys]);
const mustBeHashed: ReadonlySet<string> = new Set(hashedKeys);

/** Customer information that is too broad when nothing else comes with it (Meta: best practices). */
const tooBroad: readonly ReadonlySet<string>[] = [
  new Set(['ct', 'country', 'st', 'zp', 'ge', 'client_user_agent']),
  new Set(['db', 'client_user_agent']),
  new Set(['fn', 'ge']),
  new Set(['ln', 'ge']),
];

/** SHA-256, with the mark that Meta's parameter builder puts behind it. */
const hashed = /^[0-9a-f]{64}(\.[A-Za-z0-9_-]{2}|\.[A-Za-z0-9_-]{8})?$/;

/** Of these Meta takes a list of values too; of every other key one value. */
const listKeys: ReadonlySet<string> = new Set([...hashedKeys, 'external_id']);

/** Types, and hashes where they belong. Unknown keys are accepted and counted: nobody saw Meta refuse one. */
export function checkUserDataShape(userData: JsonObject, scope: EventScope): GraphError | undefined {
  for (const key in userData) {
    const value = userData[key];
    if (value === null || value === undefined) continue;
    if (!identifyingKeys.has(key) && !partnerKeys.has(key)) {
      scope.diagnostics.count('unknown_user_data', key);
      continue;
    }
    const takesList = listKeys.has(key);
    if (!isText(value) && !(takesList && Array.isArray(value) && value.every(isText))) {
      const shape = takesList ? 'text or list' : 'text';
      return parameterError(`The parameter ${eventPath(scope.index, 'user_data', key)} is not a valid ${shape}`);
    }
    if (mustBeHashed.has(key) && !isHashed(value)) {
      scope.diagnostics.count('not_hashed', key);
      if (scope.strictIdentifiers) {
        return parameterError(`The parameter ${eventPath(scope.index, 'user_data', key)} must be a SHA-256 hash`);
      }
    }
  }
  return undefined;
}

/** 15 to 17 digits. A number too large for a double has lost some of them on its way. */
export const checkLeadId: EventCheck = (event) => {
  const value = (event['user_data'] as JsonObject)['lead_id'];
  if (!isFilled(value)) return undefined;
  const exact = typeof value === 'string' || Number.isSafeInteger(value);
  return exact && /^\d{15,17}$/.test(String(value)) ? undefined : validationError(2804036, ['user_data', 'lead_id']);
};

/** Enough to match somebody with: something beyond each of the sets that are too broad. */
export const checkCustomerInformation: EventCheck = (event, { diagnostics }) => {
  const userData = event['user_data'] as JsonObject;
  if (event['action_source'] === 'website' && !isFilled(userData['client_user_agent'])) {
    diagnostics.count('website_without', 'client_user_agent');
  }
  for (const set of tooBroad) {
    if (!hasKeyBeyond(userData, set)) return validationError(2804050, ['user_data']);
  }
  return undefined;
};

function hasKeyBeyond(userData: JsonObject, set: ReadonlySet<string>): boolean {
  for (const key in userData) {
    if (identifyingKeys.has(key) && !set.has(key) && isFilled(userData[key])) return true;
  }
  return false;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || value === null;
}

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isFilled);
  return value !== undefined && value !== null && value !== '';
}

function isHashed(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => !isFilled(item) || isHashed(item));
  return value === '' || (typeof value === 'string' && hashed.test(value));
}
