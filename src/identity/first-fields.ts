import { birthdayRules, birthdayText, readPlainDate } from './birthday.ts';
import { latinCity } from './city.ts';
import { countryNamed } from './country.ts';
import { externalIdOf } from './external-id.ts';
import { hashed, plain } from './identifier-field.ts';
import { opaqueIdOf } from './platform-id.ts';
import { stateOf } from './state.ts';
import { zipOf } from './zip.ts';
import { countryCode } from './first-country.ts';
import { normalizePhone } from './first-phone.ts';

const { db, doby, dobm, dobd } = birthdayRules({
  date: readPlainDate,
  month: () => undefined,
  number: (text) => text,
});

/** The fields whose first rules differ from those of today, as people were added to audiences by them. */
export const firstFields = {
  ph: hashed(normalizePhone, { multiple: true }),
  db: hashed(db, { multiple: true, objectText: (value) => birthdayText(value) }),
  doby: hashed(doby, { objectText: (value) => birthdayText(value, 'year') }),
  dobm: hashed(dobm, { objectText: (value) => birthdayText(value, 'month') }),
  dobd: hashed(dobd, { objectText: (value) => birthdayText(value, 'day') }),
  ct: hashed(latinCity, { multiple: true }),
  st: hashed((text, { country }) => stateOf(text, countryCode(country)), { multiple: true }),
  zp: hashed((text, { country }) => zipOf(text, countryCode(country)), { multiple: true }),
  country: hashed(countryNamed, { multiple: true }),
  external_id: hashed(externalIdOf, { multiple: true, asGivenInAudiences: true }),
  page_scoped_user_id: plain(opaqueIdOf),
} as const;
