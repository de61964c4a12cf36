/** Languages that Meta was seen to answer in although nobody asked for them. */
export const locales = ['en', 'fr', 'da', 'pt'] as const;

export type Locale = (typeof locales)[number];

/** Title and message for people. They change with the language, so a client must never decide on them. */
export interface ErrorText {
  readonly title: string;
  readonly message: string;
}

const tooFewKeys =
  'This event has no customer information parameters or it has a combination of customer information parameters that ' +
  'is so broad that it is unlikely to be effective for matching.';

const english: Readonly<Record<number, ErrorText>> = {
  1487301: { title: 'Custom Audience Unavailable', message: 'The audience is not shared with this ad account.' },
  1487366: { title: 'Custom Audience Unavailable', message: 'The audience has been deleted.' },
  1713092: { title: 'No Write Permission', message: 'You have no permission to change this audience.' },
  1713230: {
    title: 'Audience Upload Blocked',
    message: 'Resolve the integrity restrictions on this audience before you change its members.',
  },
  1870050: { title: 'Ad Account Without Business', message: 'Add the ad account to a business first.' },
  1870090: {
    title: 'Custom Audience Terms Not Accepted',
    message:
      'Accept the terms of custom audiences at https://business.facebook.com/ads/manage/customaudiences/tos/ first.',
  },
  1870092: {
    title: 'Business Tools Terms Not Accepted',
    message: 'Accept the terms of Meta Business Tools first.',
  },
  1870144: { title: 'Audience Too Large', message: 'Audiences of 100 million people or more cannot be replaced.' },
  1870145: { title: 'Audience Update In Progress', message: 'Wait until the audience has been replaced.' },
  1870147: { title: 'First Batch Missing', message: 'A session begins with the batch whose batch_seq is 1.' },
  1870148: { title: 'Something Went Wrong', message: 'Replace the users again if the size of the audience is off.' },
  1870158: { title: 'Session Timed Out', message: 'The session took more than 90 minutes. Add what is missing.' },
  1870159: { title: 'Session Finished', message: 'The last batch of this session has arrived before.' },
  2804003: {
    title: 'Event Timestamp Too Old',
    message:
      'The timestamp for this event is too far in the past. Events need to be sent from your server within 7 days of ' +
      'when they occurred. Enter a timestamp that has occurred within the last 7 days.',
  },
  2804004: {
    title: 'Event Timestamp in the Future',
    message: 'The timestamp for this event is in the future. Enter the time of the event in seconds.',
  },
  2804008: {
    title: 'Invalid Contents Parameter',
    message: 'Every item of contents needs an id and a quantity.',
  },
  2804009: {
    title: 'Missing Value for Purchase Event',
    message: "Your purchase event doesn't include a value parameter. Enter a value. For example: 1.99",
  },
  2804010: {
    title: 'Missing Currency for Purchase Event',
    message: "Your purchase event doesn't include a currency parameter. Enter a currency. For example: USD",
  },
  2804011: { title: 'Invalid Currency For Purchase Event', message: 'The currency is not supported.' },
  2804019: { title: 'Server Side Api Parameter Error', message: 'A parameter is invalid.' },
  2804030: { title: 'Invalid Data Processing Options', message: 'The data processing options are not complete.' },
  2804036: { title: 'Invalid Lead ID', message: 'The lead id needs 15 to 17 digits.' },
  2804043: {
    title: 'Invalid App Data',
    message: 'App events need advertiser_tracking_enabled and an extinfo with all 16 slots.',
  },
  2804050: {
    title: "You haven't added sufficient customer information parameter data for this event",
    message: tooFewKeys,
  },
  2804064: { title: 'Event Source URL Not Allowed', message: 'Business messaging events have no event_source_url.' },
  2804066: { title: 'Unsupported Event Name', message: 'This event name is not supported for business messaging.' },
  2804069: { title: 'Missing Page ID', message: 'Messenger events need a page_id.' },
  2804071: { title: 'Missing Click ID', message: 'WhatsApp events need a ctwa_clid.' },
  2804075: { title: 'Missing Instagram Scoped ID', message: 'Instagram events need an ig_sid.' },
  2804079: { title: 'Missing Instagram Account ID', message: 'Instagram events need an ig_account_id.' },
  2804087: { title: 'Invalid Click ID', message: 'The ctwa_clid is not a click id.' },
  2804116: {
    title: 'Missing Page or WhatsApp Business Account',
    message: 'WhatsApp events need a page_id or a whatsapp_business_account_id.',
  },
};

const translated: Readonly<Record<Exclude<Locale, 'en'>, Readonly<Record<number, ErrorText>>>> = {
  fr: {
    0: { title: 'Paramètre non valide', message: 'Un paramètre de cet évènement n’est pas valide.' },
    2804003: { title: 'Évènement trop ancien', message: 'Envoyez l’évènement dans les 7 jours.' },
    2804009: { title: 'Valeur d’achat manquante', message: 'Indiquez une valeur, par exemple 1,99.' },
    2804050: { title: 'Informations client insuffisantes', message: 'Ajoutez des paramètres d’informations client.' },
  },
  da: {
    0: { title: 'Ugyldig parameter', message: 'En parameter i denne hændelse er ugyldig.' },
    2804003: { title: 'Hændelsen er for gammel', message: 'Send hændelsen inden for 7 dage.' },
    2804009: { title: 'Købets værdi mangler', message: 'Angiv en værdi, for eksempel 1,99.' },
    2804050: { title: 'Utilstrækkelige kundeoplysninger', message: 'Tilføj flere parametre med kundeoplysninger.' },
  },
  pt: {
    0: { title: 'Parâmetro inválido', message: 'Um parâmetro deste evento é inválido.' },
    2804003: { title: 'Evento muito antigo', message: 'Envie o evento em até 7 dias.' },
    2804009: { title: 'Valor da compra ausente', message: 'Informe um valor, por exemplo 1,99.' },
    2804050: {
      title: 'Informações do cliente insuficientes',
      message: 'Adicione parâmetros de informações do cliente.',
    },
  },
};

const unknownText: ErrorText = { title: 'Invalid parameter', message: 'A parameter is invalid.' };

/** The text for a subcode in a language; that language's general text where we have none for the subcode. */
export function errorText(subcode: number | undefined, locale: Locale): ErrorText {
  const texts = locale === 'en' ? english : translated[locale];
  return texts[subcode ?? 0] ?? texts[0] ?? unknownText;
}
