import { wordsOf } from './words.ts';

/**
 * What a member's name says: `identifier` of a person; `place`, which is a person's only where the member belongs to
 * one; `name`, likewise; `secret`, which has no business in an address; `none`.
 */
export type NameKind = 'identifier' | 'place' | 'name' | 'secret' | 'none';

const list = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Words, and words written together, that mean an identifier wherever they stand in a name. */
const anywhere = list(
  `address addr addr1 addr2 adresse adres direccion indirizzo endereco anschrift addressline streetaddress
  email emails emailaddress emailadresse mailaddress useremail customeremail personalemail workemail contactemail
  hashedemail emailhash correo correos courriel epost eposta epostadress sahkoposti
  phone phones phonenumber phonenumbers phonenum phoneno mobilephone mobilenumber mobileno cellphone cellnumber
  telephone telephonenumber tel telno telefon telefonnummer telefono telefone telefoon telefoonnummer handynummer
  mobilnummer mobiltelefon movil celular cellulare rufnummer puhelin msisdn hashedphone customerphone contactphone
  workphone homephone whatsapp whatsappnumber fax faxnumber faxno telefax gsmnumber
  firstname lastname fname lname mname fullname middlename givenname familyname surname forename maidenname namefirst namelast
  vorname nachname familienname apellido apellidos prenom cognome sobrenome fornamn efternamn voornaam achternaam imie
  nazwisko customername buyername cardholder cardholdername
  birthday birthdate bday dob dateofbirth birthyear yearofbirth geburtsdatum geburtstag fechanacimiento
  fechadenacimiento datenaissance datedenaissance datanascita datadinascita datanascimento geboortedatum
  ssn socialsecurity socialsecuritynumber passport passportnumber iban taxid nationalid personnummer cpf dni
  creditcard creditcardnumber cardnumber ccnumber cvv cvc
  idfa idfv gaid aaid madid advertisingid fbp fbc ipaddress ipaddr`,
);

/** What means an identifier only as a whole name, or with the word for a person before it. */
const whole = list(
  `adid anonymousid clientipaddress clientuseragent customerid deviceid db em externalid fn gender ge handy ip leadid ln
  mail mobil mobile ph plz postleitzahl postcode sex geschlecht st state street streetname strasse calle useragent
  userid username zip zipcode zipcodes zp codigopostal codepostal countrycode ct mobiles cell`,
);

/** Meta's own parameters of custom_data for the place of a trip or a home (Meta, custom data parameters). */
const places = list('city region country postalcode neighborhood');

/** A person, as the first words of a name or as the name of an object. */
const people = list(
  `account billing bill buyer client contact customer delivery guest holder home kunde lead member my passenger
  patient payer person personal primary private profile recipient receiver secondary sender shipping ship subscriber
  traveler traveller user visitor work`,
);

/** Last words with which a name is about the identifier and not the identifier: `email_opt_in`, `phone_model`. */
const neutral = list(
  `brand campaign case category channel clicked clicks confirmed consent count domain enabled format frequency in
  language length marketing model opened optin optout out permission preference preferences provider sent source status
  subject subscribed subscription template type valid validated verified version`,
);

/** In the address of a page. */
const secrets = list('token password passwd pwd passcode secret otp jwt authorization apikey accesskey pin');

/** Wherever they stand; and the last words with which a name is still that of a password. */
const passwords = list('password passwd pwd passcode passphrase passwort kennwort');
const ofPassword = list('again confirm confirmation hash new old repeat repeated');

const kinds = new Map<string, NameKind>();
/** Names of members are few; those of events that make them up must not fill the memory. */
const maxKnown = 5_000;
const longestName = 128;

/** What the name of a member says, by its words. */
export function nameKind(name: string): NameKind {
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const kind = kindOf(wordsOf(name.length > longestName ? name.slice(0, longestName) : name));
  if (kinds.size < maxKnown && name.length <= longestName) kinds.set(name, kind);
  return kind;
}

/** True where a name, or a member of a person that is called so, is an identifier. */
export function isIdentifierName(name: string, ofPerson = false): boolean {
  const kind = nameKind(name);
  return kind === 'identifier' || (ofPerson && (kind === 'place' || kind === 'name'));
}

/** True for `password`, `newPassword` and `password_confirmation`, and not for `password_reset`. */
export function namesPassword(name: string): boolean {
  if (name.length > longestName || !/pass|pwd|kennwort/i.test(name)) return false;
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  return (
    passwords.has(last) ||
    passwords.has(words.join('')) ||
    (ofPassword.has(last) && words.some((word) => passwords.has(word)))
  );
}

/** True for the name of an object that is about a person: `customer`, `shippingInfo`. */
export function namesPerson(name: string): boolean {
  return wordsOf(name.length > longestName ? name.slice(0, longestName) : name).some((word) => people.has(word));
}

function kindOf(words: readonly string[]): NameKind {
  if (words.length === 0) return 'none';
  const joined = words.join('');
  if (whole.has(joined)) return 'identifier';
  if (anywhere.has(joined)) return 'identifier';
  if (places.has(joined)) return 'place';
  if (joined === 'name') return 'name';
  if (ofSomebody(words)) return 'identifier';
  if (holds(words) && !neutral.has(words.at(-1) ?? '')) return 'identifier';
  return words.some((word) => secrets.has(word)) || secrets.has(joined) ? 'secret' : 'none';
}

/** `customer_name`, `billing_city`, `work_zip`. */
function ofSomebody(words: readonly string[]): boolean {
  let first = 0;
  while (first < words.length && people.has(words[first] ?? '')) first += 1;
  if (first === 0 || first === words.length) return false;
  const rest = words.slice(first).join('');
  return rest === 'name' || whole.has(rest) || places.has(rest);
}

/** One, two or three words in a row that mean an identifier, or one that ends with a word for it: `guestemail`. */
function holds(words: readonly string[]): boolean {
  for (let at = 0; at < words.length; at += 1) {
    const [first = '', second = '', third = ''] = words.slice(at, at + 3);
    if (anywhere.has(first) || anywhere.has(first + second) || anywhere.has(first + second + third)) return true;
    if (first.length > 5 && (first.endsWith('email') || (first.startsWith('email') && first !== 'emailed')))
      return true;
  }
  return false;
}
