import { describe, expect, test } from 'vitest';
import {
  isIdentifierName,
  type NameKind,
  nameKind,
  namesPassword,
  namesPerson,
} from '../../../src/kit/privacy/identifier-name.ts';

/** Where a rule comes from. */
const meta = 'Meta, business tools terms: no contact information but hashed; custom data parameters';
const segment = 'Segment spec: reserved traits and their spellings';
const shops = 'checkout forms and order exports of shop systems';
const crm = 'columns of CRM exports';
const languages = 'forms in German, French, Spanish, Italian, Portuguese, Dutch, Swedish, Polish';
const places = 'Meta, custom data parameters: city, region, country, postal_code, neighborhood';

type Row = readonly [name: string, kind: NameKind, source: string];

const rows: readonly Row[] = [
  ['email', 'identifier', segment],
  ['Email', 'identifier', segment],
  ['E-Mail', 'identifier', crm],
  ['e.mail', 'identifier', crm],
  ['EMAIL', 'identifier', crm],
  ['email_address', 'identifier', crm],
  ['emailAddress2', 'identifier', shops],
  ['customer_email', 'identifier', shops],
  ['customerEMail', 'identifier', shops],
  ['guestemail', 'identifier', shops],
  ['billing.email', 'identifier', shops],
  ['contact[email]', 'identifier', shops],
  ['hashed_email', 'identifier', meta],
  ['correo', 'identifier', languages],
  ['correo_electrónico', 'identifier', languages],
  ['courriel', 'identifier', languages],
  ['E-Mail-Adresse', 'identifier', languages],
  ['FNAME', 'identifier', crm],
  ['lname', 'identifier', crm],
  ['fax', 'identifier', crm],
  ['addr1', 'identifier', shops],
  ['home_addr', 'identifier', shops],
  ['phone', 'identifier', segment],
  ['phone_1', 'identifier', shops],
  ['phoneNumber', 'identifier', segment],
  ['shipping_phone', 'identifier', shops],
  ['tel', 'identifier', crm],
  ['Téléphone', 'identifier', languages],
  ['Telefonnummer', 'identifier', languages],
  ['Handynummer', 'identifier', languages],
  ['móvil', 'identifier', languages],
  ['celular', 'identifier', languages],
  ['msisdn', 'identifier', crm],
  ['mobile', 'identifier', crm],
  ['mobile_no', 'identifier', crm],
  ['WhatsApp Number', 'identifier', crm],
  ['firstName', 'identifier', segment],
  ['first_name', 'identifier', segment],
  ['billing.first_name', 'identifier', shops],
  ['last-name', 'identifier', segment],
  ['Vorname', 'identifier', languages],
  ['Nachname', 'identifier', languages],
  ['apellidos', 'identifier', languages],
  ['prénom', 'identifier', languages],
  ['cognome', 'identifier', languages],
  ['full name', 'identifier', crm],
  ['customer_name', 'identifier', shops],
  ['recipientName', 'identifier', shops],
  ['cardholder', 'identifier', shops],
  ['date_of_birth', 'identifier', meta],
  ['dob', 'identifier', crm],
  ['Geburtsdatum', 'identifier', languages],
  ['fecha_de_nacimiento', 'identifier', languages],
  ['gender', 'identifier', meta],
  ['address', 'identifier', segment],
  ['shippingAddress', 'identifier', shops],
  ['address_1', 'identifier', shops],
  ['zip', 'identifier', meta],
  ['ZIP Code', 'identifier', crm],
  ['PLZ', 'identifier', languages],
  ['billing_city', 'identifier', shops],
  ['customerCountry', 'identifier', shops],
  ['ip', 'identifier', meta],
  ['IPAddress', 'identifier', meta],
  ['user_agent', 'identifier', meta],
  ['userId', 'identifier', segment],
  ['customer_id', 'identifier', shops],
  ['idfa', 'identifier', meta],
  ['advertisingId', 'identifier', segment],
  ['card_number', 'identifier', meta],
  ['cvv', 'identifier', meta],
  ['iban', 'identifier', meta],
  ['passport number', 'identifier', meta],
  ['ssn', 'identifier', meta],
  ['city', 'place', places],
  ['region', 'place', places],
  ['country', 'place', places],
  ['postal_code', 'place', places],
  ['postalCode', 'place', places],
  ['neighborhood', 'place', places],
  ['name', 'name', segment],
  ['content_name', 'none', meta],
  ['product_name', 'none', shops],
  ['country_of_origin', 'none', shops],
  ['email_opt_in', 'none', 'about the address, and not the address'],
  ['emailVerified', 'none', 'about the address, and not the address'],
  ['phone_model', 'none', 'about a telephone, and not its number'],
  ['phone_brand', 'none', 'about a telephone, and not its number'],
  ['emailed', 'none', 'another word'],
  ['headphones', 'none', 'another word'],
  ['microphone', 'none', 'another word'],
  ['hotel', 'none', 'another word'],
  ['mobile_app', 'none', 'another thing'],
  ['order_state', 'none', 'another thing'],
  ['delivery_category', 'none', meta],
  ['value', 'none', meta],
  ['currency', 'none', meta],
  ['plan', 'none', segment],
  ['coupon', 'none', segment],
  ['constructor', 'none', 'a name of every object'],
  ['', 'none', 'no name at all'],
  ['access_token', 'secret', 'parameters of sign-in pages'],
  ['resetPassword', 'secret', 'parameters of sign-in pages'],
];

describe('the name of a member', () => {
  test.each(rows)('%j is %s (%s)', (name, kind) => expect(nameKind(name)).toBe(kind));

  test('of ten million characters is looked at by its beginning only', () => {
    expect(nameKind(`${'a'.repeat(10_000_000)}_email`)).toBe('none');
  });

  test('of a place or of something is an identifier within a person', () => {
    expect(isIdentifierName('city')).toBe(false);
    expect(isIdentifierName('city', true)).toBe(true);
    expect(isIdentifierName('name', true)).toBe(true);
    expect(isIdentifierName('plan', true)).toBe(false);
    expect(['customer', 'shippingInfo', 'billing'].map(namesPerson)).toEqual([true, true, true]);
    expect(['product', 'store', 'order'].map(namesPerson)).toEqual([false, false, false]);
  });

  test('of a password is told from what is said of one', () => {
    const names = [
      'password',
      'Password2',
      'newPassword',
      'user_pwd',
      'password_confirmation',
      'Passwort',
      'passwordHash',
    ];
    expect(names.filter((name) => !namesPassword(name))).toEqual([]);
    expect(
      ['password_reset', 'passwordStrength', 'pass', 'passenger', 'password_length'].filter(namesPassword),
    ).toEqual([]);
  });
});
