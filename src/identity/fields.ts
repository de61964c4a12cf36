import { ConnectorError } from '../core/errors.ts';
import { normalizeAdvertisingId } from './advertising-id.ts';
import {
  birthdayText,
  normalizeBirthDay,
  normalizeBirthday,
  normalizeBirthMonth,
  normalizeBirthYear,
} from './birthday.ts';
import { normalizeCity } from './city.ts';
import { normalizeClickId } from './click-id.ts';
import { normalizeCountry } from './country.ts';
import { normalizeEmail } from './email.ts';
import { normalizeExternalId } from './external-id.ts';
import { normalizeGender } from './gender.ts';
import { normalizeIp } from './ip.ts';
import { normalizeInitial, normalizeName } from './name.ts';
import { hashed, type IdentifierField, plain } from './identifier-field.ts';
import { normalizePhone } from './phone.ts';
import { normalizeLeadId, normalizeNumericId, normalizeOpaqueId, normalizeUserAgent } from './platform-id.ts';
import { normalizeState } from './state.ts';
import { firstFields } from './first-fields.ts';
import { normalizeZip } from './zip.ts';

/** The identifiers of a person, spelled as the Conversions API spells them (customer information parameters). */
export const identifierFields = {
  em: hashed(normalizeEmail, { multiple: true }),
  ph: hashed(normalizePhone, { multiple: true }),
  fn: hashed(normalizeName, { multiple: true, personName: true }),
  ln: hashed(normalizeName, { multiple: true, personName: true }),
  fi: hashed(normalizeInitial, { personName: true }),
  ge: hashed(normalizeGender, { multiple: true }),
  db: hashed(normalizeBirthday, { multiple: true, objectText: (value) => birthdayText(value) }),
  doby: hashed(normalizeBirthYear, { objectText: (value) => birthdayText(value, 'year') }),
  dobm: hashed(normalizeBirthMonth, { objectText: (value) => birthdayText(value, 'month') }),
  dobd: hashed(normalizeBirthDay, { objectText: (value) => birthdayText(value, 'day') }),
  ct: hashed(normalizeCity, { multiple: true }),
  st: hashed(normalizeState, { multiple: true }),
  zp: hashed(normalizeZip, { multiple: true }),
  country: hashed(normalizeCountry, { multiple: true }),
  external_id: hashed(normalizeExternalId, { multiple: true, asGivenInAudiences: true }),
  madid: plain(normalizeAdvertisingId),
  anon_id: plain(normalizeOpaqueId),
  client_ip_address: plain(normalizeIp),
  client_user_agent: plain(normalizeUserAgent),
  fbc: plain(normalizeClickId),
  fbp: plain(normalizeClickId),
  subscription_id: plain(normalizeOpaqueId),
  fb_login_id: plain(normalizeNumericId),
  lead_id: plain(normalizeLeadId),
  page_id: plain(normalizeOpaqueId),
  page_scoped_user_id: plain(normalizeOpaqueId),
  ctwa_clid: plain(normalizeOpaqueId),
  ig_account_id: plain(normalizeOpaqueId),
  ig_sid: plain(normalizeOpaqueId),
  whatsapp_business_account_id: plain(normalizeOpaqueId),
} as const satisfies Readonly<Record<string, IdentifierField>>;

/** A key of `identifierFields`. */
export type IdentifierName = keyof typeof identifierFields;

/**
 * The version of the rules. A removal from an audience must hash as the addition did, so a rule that changes a result
 * gets a new version here, and the old one stays in a folder of its own.
 */
export const ruleVersion = 2;

const current: ReadonlyMap<string, IdentifierField> = new Map(Object.entries(identifierFields));
const versions: ReadonlyMap<number, ReadonlyMap<string, IdentifierField>> = new Map([
  [1, new Map<string, IdentifierField>(Object.entries({ ...identifierFields, ...firstFields }))],
  [ruleVersion, current],
]);

/**
 * The rules of a field.
 *
 * @throws ConnectorError `UNKNOWN_IDENTIFIER` when there is no such field, `UNKNOWN_RULE_VERSION` no such version.
 */
export function identifierField(field: string, version: number = ruleVersion): IdentifierField {
  const fields = version === ruleVersion ? current : versions.get(version);
  if (fields === undefined) {
    const known = [...versions.keys()].join(', ');
    throw new ConnectorError('UNKNOWN_RULE_VERSION', `Identity rules ${version} are unknown; there are: ${known}.`);
  }
  const found = fields.get(field);
  if (found === undefined) {
    const known = [...fields.keys()].join(', ');
    throw new ConnectorError('UNKNOWN_IDENTIFIER', `"${field}" is no identifier; there are: ${known}.`, { field });
  }
  return found;
}
