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
import type { IdentityOptions } from './options.ts';
import { normalizePhone } from './phone.ts';
import { normalizeLeadId, normalizeNumericId, normalizeOpaqueId, normalizeUserAgent } from './platform-id.ts';
import { normalizeState } from './state.ts';
import { normalizeZip } from './zip.ts';

/** What becomes of one kind of identifier. */
export interface IdentifierField {
  /** Sent as SHA-256. `external_id` is hashed for conversions only, unless the destination says otherwise. */
  readonly hashed: boolean;
  /** Meta takes a list of them in an event. */
  readonly multiple: boolean;
  /** A person's name, which may be spelled like a placeholder. */
  readonly personName?: true;
  /** The value as it is hashed or sent; undefined when it can't be used. */
  readonly normalize: (text: string, options: IdentityOptions) => string | undefined;
  /** The text of a value that is an object; without it objects can't be used. */
  readonly objectText?: (value: object) => string | undefined;
}

const opaque: IdentifierField = { hashed: false, multiple: false, normalize: normalizeOpaqueId };
const numeric: IdentifierField = { hashed: false, multiple: false, normalize: normalizeNumericId };
const clickId: IdentifierField = { hashed: false, multiple: false, normalize: normalizeClickId };

/** The identifiers of a person, spelled as the Conversions API spells them (customer information parameters). */
export const identifierFields = {
  em: { hashed: true, multiple: true, normalize: normalizeEmail },
  ph: { hashed: true, multiple: true, normalize: normalizePhone },
  fn: { hashed: true, multiple: true, personName: true, normalize: normalizeName },
  ln: { hashed: true, multiple: true, personName: true, normalize: normalizeName },
  fi: { hashed: true, multiple: false, personName: true, normalize: normalizeInitial },
  ge: { hashed: true, multiple: true, normalize: normalizeGender },
  db: { hashed: true, multiple: true, normalize: normalizeBirthday, objectText: (value) => birthdayText(value) },
  doby: birthPart(normalizeBirthYear, 'year'),
  dobm: birthPart(normalizeBirthMonth, 'month'),
  dobd: birthPart(normalizeBirthDay, 'day'),
  ct: { hashed: true, multiple: true, normalize: normalizeCity },
  st: { hashed: true, multiple: true, normalize: normalizeState },
  zp: { hashed: true, multiple: true, normalize: normalizeZip },
  country: { hashed: true, multiple: true, normalize: normalizeCountry },
  external_id: { hashed: true, multiple: true, normalize: normalizeExternalId },
  madid: { hashed: false, multiple: false, normalize: normalizeAdvertisingId },
  anon_id: opaque,
  client_ip_address: { hashed: false, multiple: false, normalize: normalizeIp },
  client_user_agent: { hashed: false, multiple: false, normalize: normalizeUserAgent },
  fbc: clickId,
  fbp: clickId,
  subscription_id: opaque,
  fb_login_id: numeric,
  lead_id: { hashed: false, multiple: false, normalize: normalizeLeadId },
  page_id: opaque,
  page_scoped_user_id: opaque,
  ctwa_clid: opaque,
  ig_account_id: opaque,
  ig_sid: opaque,
  whatsapp_business_account_id: opaque,
} as const satisfies Readonly<Record<string, IdentifierField>>;

/** A key of `identifierFields`. */
export type IdentifierName = keyof typeof identifierFields;

/**
 * The version of the rules. A removal from an audience must hash as the addition did, so a rule that changes a result
 * gets a new version here, and the table of the old one stays below.
 */
export const ruleVersion = 1;

const current: ReadonlyMap<string, IdentifierField> = new Map(Object.entries(identifierFields));
const versions: ReadonlyMap<number, ReadonlyMap<string, IdentifierField>> = new Map([[ruleVersion, current]]);

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

function birthPart(normalize: IdentifierField['normalize'], member: 'year' | 'month' | 'day'): IdentifierField {
  return { hashed: true, multiple: false, normalize, objectText: (value) => birthdayText(value, member) };
}
