/**
 * What people and other products call the columns that say who somebody is: in English, German, French, Spanish, Italian
 * and Portuguese, and as Meta's template of a customer list has them. Without case, accents, blanks and punctuation.
 */
const spellings: Readonly<Record<string, string>> = {
  external_id: `externid externalid extid userid customerid crmid customernumber customerno
    kundennummer kundennr kundenid externeid mitgliedsnummer mitgliedsnr benutzerid nutzerid
    numeroclient numerodeclient numclient nclient noclient idclient identifiantclient codeclient idexterne identifiantexterne
    idcliente iddelcliente numerocliente numerodecliente codigocliente codigodecliente idexterno idusuario
    codicecliente idesterno idutente iddocliente numerodocliente codigodocliente idutilizador`,
  em: `email em emailaddress mail mailaddress emailsha256 hashedemail
    emailadresse mailadresse courriel adresseemail adressemail adresseelectronique adressecourriel
    correo correoelectronico direcciondecorreo direcciondecorreoelectronico direccionemail
    postaelettronica indirizzoemail indirizzomail indirizzodipostaelettronica
    correioeletronico correioelectronico enderecoemail enderecodeemail`,
  ph: `phone ph phonenumber phoneno mobile mobilephone mobilenumber mobileno mobilephonenumber telephone telephonenumber
    tel telno cell cellphone msisdn phonesha256 hashedphone
    telefon telefonnummer telefonnr telnr handy handynummer handynr mobil mobilnummer mobiltelefon mobilfunk
    mobilfunknummer rufnummer
    numerodetelephone telephonemobile telephoneportable portable numerodeportable telmobile telportable
    telefono numerodetelefono telefonomovil movil telefonofijo numerodemovil celular telefonocelular numerodecelular
    numeroditelefono cellulare numerodicellulare telefonocellulare
    telefone numerodetelefone telemovel numerodetelemovel telefonecelular`,
  madid: `madid mobileadvertiserid mobileadid mobileadvertisingid advertisingid idfa gaid aaid`,
  page_scoped_user_id: `pageuid pagescopeduserid pagescopedid psid`,
  app_user_id: `appuid appuserid appscopeduserid uid facebookappuserid`,
  ln: `ln lname lastname surname familyname nachname familienname zuname nom nomdefamille
    apellido apellidos primerapellido cognome sobrenome apelido ultimonome`,
  fn: `fn fname firstname givenname forename vorname prenom prenoms nombre nombredepila primernombre nombres
    nome primeironome nomeproprio`,
  name: `name fullname vorundnachname nomcomplet nombrecompleto nombreyapellidos nomecompleto nomeecognome`,
  fi: `fi firstinitial finitial`,
  ge: `gen ge gender sex geschlecht sexe genre sexo genero sesso genere`,
  db: `db dob dateofbirth birthday birthdate bday geburtsdatum geburtstag gebdatum geborenam
    datedenaissance datenaissance naissance fechadenacimiento fechanacimiento nacimiento
    datadinascita datanascita datadenascimento datanascimento nascimento`,
  doby: `doby yearofbirth birthyear dobyear yob geburtsjahr anneedenaissance anodenacimiento annodinascita
    anodenascimento`,
  dobm: `dobm monthofbirth birthmonth dobmonth geburtsmonat moisdenaissance mesdenacimiento mesedinascita
    mesdenascimento`,
  dobd: `dobd dayofbirth dobday jourdenaissance diadenacimiento giornodinascita diadenascimento`,
  ct: `ct city town stadt ort wohnort ville commune localite ciudad localidad poblacion municipio
    citta comune localita cidade localidade concelho`,
  st: `st state province region bundesland kanton departement provincia estado comunidadautonoma regione
    uf distrito`,
  zp: `zip zp zipcode postalcode postcode plz postleitzahl codepostal cp codigopostal cap codicepostale
    codicediavviamentopostale cep`,
  country: `country countrycode countryregion land landercode laendercode landerkurzel laenderkuerzel landeskennzeichen
    pays codepays pais codigopais codigodepais codigodelpais paese nazione codicepaese codigodopais`,
  value: `lookalikevalue value ltv lifetimevalue customervalue`,
};

const names: ReadonlyMap<string, string> = new Map(
  Object.entries(spellings).flatMap(([name, texts]) =>
    texts.split(/\s+/).map((text): [string, string] => [text, name]),
  ),
);

/** Of these a person has several, and exports number them. */
export const numbered: ReadonlySet<string | undefined> = new Set(['em', 'ph']);

/**
 * Our name of a column that somebody calls `text`: a key of Meta's in any case (`EMAIL`, `Extern_id`), a field of ours
 * (`em`) or a usual name (`Postal Code`, `Téléphone`, `E-mail 2`). Undefined for a name that says nothing.
 */
export function columnNamed(text: string): string | undefined {
  if (known.has(text)) return known.get(text);
  const name = text.length > longestName ? undefined : nameOf(text);
  if (known.size < mostKnown) known.set(text, name);
  return name;
}

/** The same few columns are asked for with every row. */
const known = new Map<string, string | undefined>();
const mostKnown = 1_000;
const longestName = 200;

function nameOf(text: string): string | undefined {
  const bare = text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  const found = names.get(bare);
  if (found !== undefined) return found;
  const name = names.get(bare.replace(/[1-9]$/, ''));
  return numbered.has(name) ? name : undefined;
}

/** Somebody's values by our names; columns of one name are several values of it. */
export function personOf(values: Iterable<readonly [name: string | undefined, value: unknown]>): PersonColumns {
  const person: Record<string, unknown> = {};
  for (const [name, value] of values) {
    if (name === undefined || value === null || value === '') continue;
    const before = person[name];
    if (before === undefined) person[name] = value;
    // One value of a person counts, not one for each column.
    else if (name !== 'value') person[name] = [before, value].flat();
  }
  return person;
}

export type PersonColumns = Readonly<Record<string, unknown>>;
