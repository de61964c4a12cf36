import type { AudienceKey } from '../../../core/audience.ts';
import type { FieldDefinitions } from '../../../core/field.ts';
import { userDataFields } from '../../conversion/fields/user-data.ts';
import { orElse } from '../../field-defaults.ts';

const { em, ph, fn, ln, name, fi, ge, db, ct, st, zp, country, madid, doby, dobm, dobd } = userDataFields;

type Defaulted = { readonly default: Readonly<Record<string, unknown>> };

/** An event that says who is in an audience is about that person, and so are all of its properties: those of a row. */
function alsoOfRow<F extends Defaulted>(field: F, ...names: readonly string[]): F {
  const paths = names.map((name) => `$.properties.${name}`) as [string, ...string[]];
  return { ...field, default: orElse(field.default, ...paths) };
}

/** Who is to be in the audience or not. Meta: custom audiences, hashing and normalization. */
export const audiencePersonFields = {
  external_id: {
    label: 'External ID',
    description:
      'Your own id of the person. Sent as given, unless it is an e-mail address or phone number or the destination says `hash_external_id`: a removal must repeat it.',
    type: 'string',
    multiple: true,
    identifier: true,
    default: userDataFields.external_id.default,
  },
  em: alsoOfRow(em, 'email'),
  ph: alsoOfRow(ph, 'phone', 'phoneNumber', 'phone_number'),
  madid: { ...madid, multiple: true },
  page_scoped_user_id: {
    label: 'Page-Scoped User ID',
    description: 'The person as one page of yours knows them; needs that page in page_ids. Never hashed.',
    type: 'string',
    multiple: true,
    identifier: true,
  },
  app_user_id: {
    label: 'App-Scoped User ID',
    description: 'The person as an app of yours knows them; needs that app in app_ids. Never hashed.',
    type: 'string',
    multiple: true,
    identifier: true,
  },
  fn: alsoOfRow(fn, 'firstName', 'first_name'),
  ln: alsoOfRow(ln, 'lastName', 'last_name'),
  name,
  fi,
  ge: alsoOfRow(ge, 'gender'),
  db: {
    label: 'Date of Birth',
    description:
      'ISO 8601, M/D/YYYY (D/M/YYYY with date_order dmy), YYYYMMDD, names of months, or an object of year, month and day. Sent as year, month and day, each hashed.',
    type: 'datetime',
    identifier: true,
    default: alsoOfRow(db, 'birthday', 'dateOfBirth', 'date_of_birth').default,
  },
  doby,
  dobm,
  dobd,
  ct: alsoOfRow(ct, 'address.city', 'city'),
  st: alsoOfRow(st, 'address.state', 'state'),
  zp: alsoOfRow(zp, 'address.postalCode', 'address.postal_code', 'address.zip', 'postalCode', 'postal_code', 'zip'),
  country: alsoOfRow(country, 'address.country', 'country'),
} as const satisfies FieldDefinitions;

/**
 * The column of Meta's that each is sent in, and the identity core's field whose rule it follows; in the order in which
 * they are looked at. A whole birthday has no column, nor has a full name: they are sent as their parts. A page-scoped
 * id and an app-scoped one are both ids that Meta made: the rule is the same.
 */
export const columnsOfPerson = {
  external_id: { key: 'EXTERN_ID', rule: 'external_id' },
  em: { key: 'EMAIL', rule: 'em' },
  ph: { key: 'PHONE', rule: 'ph' },
  madid: { key: 'MADID', rule: 'madid' },
  page_scoped_user_id: { key: 'PAGEUID', rule: 'page_scoped_user_id' },
  app_user_id: { key: 'APPUID', rule: 'page_scoped_user_id' },
  ln: { key: 'LN', rule: 'ln' },
  fn: { key: 'FN', rule: 'fn' },
  fi: { key: 'FI', rule: 'fi' },
  ge: { key: 'GEN', rule: 'ge' },
  doby: { key: 'DOBY', rule: 'doby' },
  dobm: { key: 'DOBM', rule: 'dobm' },
  dobd: { key: 'DOBD', rule: 'dobd' },
  ct: { key: 'CT', rule: 'ct' },
  st: { key: 'ST', rule: 'st' },
  zp: { key: 'ZIP', rule: 'zp' },
  country: { key: 'COUNTRY', rule: 'country' },
} as const satisfies Readonly<
  Record<
    Exclude<keyof typeof audiencePersonFields, 'db' | 'name'>,
    { readonly key: AudienceKey; readonly rule: string }
  >
>;
