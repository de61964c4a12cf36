import type { ActionContext } from '../../core/action.ts';
import { isObject, type JsonObject } from '../../core/json.ts';

/** What stripping looks at. */
export type StripContext = Pick<ActionContext, 'settings' | 'explicitCustomData' | 'warn'>;

/** Member names that mean an identifier of a person, in lower case without separators. */
const identifierNames: ReadonlySet<string> = new Set(
  `address address1 address2 addressline1 addressline2 advertisingid adid anonymousid billingaddress birthdate birthday
  birthdate bday city clientipaddress clientuseragent contactemail contactphone country countrycode ct customeremail
  customerid customername customerphone dateofbirth db deviceid dob em email emailaddress emailhash emails externalid
  familyname fbc fbp firstname fn fullname gaid ge gender givenname hashedemail hashedphone idfa idfv ip ipaddress
  lastname leadid ln madid middlename mobile mobilenumber mobilephone personalemail ph phone phonenumber phones
  postalcode postcode sex shippingaddress ssn st state street streetaddress surname telephone useragent userid useremail
  username workemail zip zipcode zp`.split(/\s+/),
);

const deepest = 32;

/**
 * The open object without members of well-known identifier names, at any depth, each with a warning; unless the
 * mapping names the member itself or the destination has switched this off. The object given is never changed.
 */
export function strippedOfIdentifiers(object: JsonObject, context: StripContext): JsonObject {
  if (!context.settings.stripIdentifiers) return object;
  return stripObject(object, context, '', 0);
}

function stripObject(object: JsonObject, context: StripContext, path: string, depth: number): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const key of Object.keys(object)) {
    const explicit = depth === 0 && context.explicitCustomData.has(key);
    if (explicit) kept[key] = object[key];
    else if (isIdentifierName(key)) warnStripped(path + key, context);
    else kept[key] = stripValue(object[key], context, path + key, depth + 1);
  }
  return kept;
}

function stripValue(value: unknown, context: StripContext, path: string, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > deepest) return value;
  if (!Array.isArray(value)) return isObject(value) ? stripObject(value, context, `${path}.`, depth) : value;
  return value.map((item) => stripValue(item, context, path, depth + 1));
}

/** True for `email`, `E-Mail`, `first_name`, `zipCode` and the like. */
export function isIdentifierName(key: string): boolean {
  if (identifierNames.has(key)) return true;
  return key.length <= 32 && identifierNames.has(key.toLowerCase().replace(/[-_ ]/g, ''));
}

function warnStripped(path: string, context: StripContext): void {
  const message = `${path} looks like an identifier of a person and was taken out of custom_data.`;
  context.warn({ code: 'IDENTIFIER_STRIPPED', field: `custom_data.${path}`, message });
}
