import { describe, expect, test } from 'vitest';
import { columnNamed, personOf } from '../../src/core/person-columns.ts';

/** What exports of shops and mailing tools call these columns, by language. */
const headers: readonly (readonly [language: string, Readonly<Record<string, string>>])[] = [
  [
    'German',
    {
      'E-Mail': 'em',
      'E-Mail-Adresse': 'em',
      Telefon: 'ph',
      'Telefon-Nr.': 'ph',
      Handynummer: 'ph',
      Mobil: 'ph',
      Vorname: 'fn',
      Nachname: 'ln',
      Familienname: 'ln',
      Geburtsdatum: 'db',
      Geburtstag: 'db',
      Geburtsjahr: 'doby',
      Geschlecht: 'ge',
      Ort: 'ct',
      Stadt: 'ct',
      Bundesland: 'st',
      PLZ: 'zp',
      Postleitzahl: 'zp',
      Land: 'country',
      Ländercode: 'country',
      'Kunden-Nr.': 'external_id',
      Kundennummer: 'external_id',
    },
  ],
  [
    'French',
    {
      Courriel: 'em',
      'Adresse e-mail': 'em',
      'Adresse électronique': 'em',
      Téléphone: 'ph',
      'Numéro de téléphone': 'ph',
      Portable: 'ph',
      Prénom: 'fn',
      Nom: 'ln',
      'Nom de famille': 'ln',
      'Date de naissance': 'db',
      'Année de naissance': 'doby',
      Sexe: 'ge',
      Ville: 'ct',
      Département: 'st',
      Région: 'st',
      'Code postal': 'zp',
      Pays: 'country',
      'N° client': 'external_id',
      'Identifiant client': 'external_id',
    },
  ],
  [
    'Spanish',
    {
      Correo: 'em',
      'Correo electrónico': 'em',
      Teléfono: 'ph',
      'Teléfono móvil': 'ph',
      Móvil: 'ph',
      Nombre: 'fn',
      Apellidos: 'ln',
      'Fecha de nacimiento': 'db',
      'Año de nacimiento': 'doby',
      Sexo: 'ge',
      Género: 'ge',
      Ciudad: 'ct',
      Población: 'ct',
      Provincia: 'st',
      'Código postal': 'zp',
      'C.P.': 'zp',
      País: 'country',
      'Número de cliente': 'external_id',
    },
  ],
  [
    'Italian',
    {
      'Posta elettronica': 'em',
      'Indirizzo e-mail': 'em',
      Telefono: 'ph',
      Cellulare: 'ph',
      Nome: 'fn',
      Cognome: 'ln',
      'Data di nascita': 'db',
      Sesso: 'ge',
      Città: 'ct',
      Regione: 'st',
      CAP: 'zp',
      'Codice postale': 'zp',
      Paese: 'country',
      Nazione: 'country',
      'Codice cliente': 'external_id',
    },
  ],
  [
    'Portuguese',
    {
      'Endereço de e-mail': 'em',
      'Correio eletrónico': 'em',
      Telefone: 'ph',
      Telemóvel: 'ph',
      Celular: 'ph',
      Nome: 'fn',
      Sobrenome: 'ln',
      Apelido: 'ln',
      'Data de nascimento': 'db',
      Gênero: 'ge',
      Cidade: 'ct',
      Estado: 'st',
      UF: 'st',
      CEP: 'zp',
      'Código postal': 'zp',
      País: 'country',
      'Código do cliente': 'external_id',
    },
  ],
  [
    // Meta: the template of a customer list.
    'Meta’s template',
    {
      email: 'em',
      phone: 'ph',
      madid: 'madid',
      fn: 'fn',
      ln: 'ln',
      zip: 'zp',
      ct: 'ct',
      st: 'st',
      country: 'country',
      dob: 'db',
      doby: 'doby',
      gen: 'ge',
      uid: 'app_user_id',
      value: 'value',
    },
  ],
  ['numbered', { 'E-mail 1': 'em', email2: 'em', 'Phone 2': 'ph', 'Telefon 3': 'ph' }],
];

describe.each(headers)('headers: %s', (_, names) => {
  test.each(Object.entries(names))('%s is %s', (header, name) => {
    expect(columnNamed(header)).toBe(name);
    expect(columnNamed(` ${header.toUpperCase()} `)).toBe(name);
    // As macOS and some exports write accents: a letter and a mark.
    expect(columnNamed(header.normalize('NFD'))).toBe(name);
  });
});

test.each(['', '-', 'age', 'Notes', 'Zip 2', 'note', 'x'.repeat(10_000), 'constructor', '__proto__'])(
  'a header that says nothing is no column (%#)',
  (header) => expect(columnNamed(header)).toBeUndefined(),
);

test('several columns of one name are several values, and empty ones are none', () => {
  const values: [string | undefined, unknown][] = [
    ['em', 'a@x'],
    ['em', ''],
    ['em', ['b@x', 'c@x']],
    [undefined, 'left out'],
    ['fn', null],
    ['value', 5],
    ['value', 7],
  ];
  expect(personOf(values)).toEqual({ em: ['a@x', 'b@x', 'c@x'], value: 5 });
});
