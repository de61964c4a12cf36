import type { AudienceKey } from '../../core/audience.ts';
import { columnsOfPerson } from './fields/audience-person.ts';

/** One identifier of a person: the audience column, and whose rule of the identity core it follows. */
export interface AudienceIdentifier {
  /** Its name here, as the action's fields spell it. */
  readonly name: string;
  readonly key: AudienceKey;
  /** A field of the identity core. */
  readonly rule: string;
}

/** Every column that says who a person is. */
export const audienceIdentifiers: readonly AudienceIdentifier[] = Object.entries(columnsOfPerson).map(
  ([name, column]) => ({ name, ...column }),
);

/** What people and other products call the columns, without case, blanks and punctuation. */
const spellings: Readonly<Record<string, readonly string[]>> = {
  external_id: ['externid', 'externalid', 'extid', 'userid', 'customerid', 'crmid'],
  em: ['email', 'em', 'emailaddress', 'mail', 'emailsha256', 'hashedemail'],
  ph: ['phone', 'ph', 'phonenumber', 'mobile', 'mobilephone', 'telephone', 'phonesha256', 'hashedphone'],
  madid: ['madid', 'mobileadvertiserid', 'mobileadid', 'mobileadvertisingid', 'advertisingid', 'idfa', 'gaid', 'aaid'],
  page_scoped_user_id: ['pageuid', 'pagescopeduserid', 'pagescopedid', 'psid'],
  app_user_id: ['appuid', 'appuserid', 'appscopeduserid'],
  ln: ['ln', 'lastname', 'surname', 'familyname'],
  fn: ['fn', 'firstname', 'givenname', 'forename'],
  name: ['name', 'fullname'],
  fi: ['fi', 'firstinitial', 'finitial'],
  ge: ['gen', 'ge', 'gender', 'sex'],
  db: ['db', 'dob', 'dateofbirth', 'birthday', 'birthdate'],
  doby: ['doby', 'yearofbirth', 'birthyear', 'dobyear'],
  dobm: ['dobm', 'monthofbirth', 'birthmonth', 'dobmonth'],
  dobd: ['dobd', 'dayofbirth', 'dobday'],
  ct: ['ct', 'city', 'town'],
  st: ['st', 'state', 'province', 'region'],
  zp: ['zip', 'zp', 'zipcode', 'postalcode', 'postcode'],
  country: ['country', 'countrycode'],
  value: ['lookalikevalue', 'value', 'ltv', 'lifetimevalue'],
};

const names: ReadonlyMap<string, string> = new Map(
  Object.entries(spellings).flatMap(([name, texts]) => texts.map((text): [string, string] => [text, name])),
);

/**
 * Our name of a column that somebody calls `text`: a key of Meta's in any case (`EMAIL`, `Extern_id`), a field of ours
 * (`em`) or a usual name (`Postal Code`). Undefined for a name that says nothing.
 */
export function columnNamed(text: string): string | undefined {
  return names.get(text.toLowerCase().replace(/[^a-z0-9]/g, ''));
}
