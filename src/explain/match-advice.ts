import type { FieldDefinition } from '../core/field.ts';
import { pathsOf, placesOf } from './default-paths.ts';

interface Advice {
  /** Where the value comes from and what getting it takes. */
  readonly missing: string;
  /** Why values of the field are usually unreadable, and what to do. */
  readonly malformed: string;
}

/** What adding or fixing an identifier takes, by field. */
const advice: Readonly<Record<string, Advice>> = {
  em: {
    missing: 'Whoever signed up, ordered or subscribed has given one: pass it on with the event.',
    malformed: 'It must be one address such as ada@example.com: check the form that it is typed into.',
  },
  ph: {
    missing: 'Ask for it where it is of use to the person (a delivery, a reminder), and pass it on with the event.',
    malformed: "Send it with the country's code, or send the country too, or set default_country of the destination.",
  },
  external_id: {
    missing: 'Give every visitor an anonymousId and every customer a userId, the same as the Meta Pixel is given.',
    malformed: 'Send it as text: a number above 2^53 has lost digits.',
  },
  fbc: {
    missing:
      'Only who came by an ad has one: keep the _fbc cookie or the fbclid of the first page, and send it with later events.',
    malformed: 'Send the _fbc cookie as it is, or map the bare fbclid to fbclid; one older than 90 days is of no use.',
  },
  fbp: {
    missing: 'The Meta Pixel sets the _fbp cookie: read it in the browser and send it with the event.',
    malformed: 'Send the _fbp cookie as it is.',
  },
  client_ip_address: {
    missing: "A browser's or an app's own request has it: keep it when the event is taken in.",
    malformed: "A private address is that of a proxy: take the client's from X-Forwarded-For.",
  },
  client_user_agent: {
    missing: "A browser's own request has it: keep it when the event is taken in. Meta asks for it in website events.",
    malformed: 'Send the User-Agent header as text.',
  },
  madid: {
    missing: 'Only apps have one, of people who allow tracking.',
    malformed: 'Send it as the device gives it; zeros mean that the person refuses.',
  },
  fn: {
    missing: 'An order or an account has it: pass it on with the event.',
    malformed: 'Send the given name alone, as text.',
  },
  ln: {
    missing: 'An order or an account has it: pass it on with the event.',
    malformed: 'Send the family name alone, as text.',
  },
  db: {
    missing: 'Worth sending only where you know it anyway.',
    malformed: 'Send YYYY-MM-DD; before 1900, or with two digits for the year, a date is left out rather than guessed.',
  },
  ge: { missing: 'Worth sending only where you know it anyway.', malformed: 'Send f or m.' },
  ct: {
    missing: 'An address of delivery or payment has it: pass it on with the event.',
    malformed: 'Send the name of the city in Latin letters.',
  },
  st: {
    missing: 'An address of delivery or payment has it: pass it on with the event.',
    malformed: 'Send the name of the state, or its two letters in the United States and Canada.',
  },
  zp: {
    missing: 'An address of delivery or payment has it: pass it on with the event.',
    malformed: 'Send it as text.',
  },
  country: {
    missing: 'An address, or the shop itself, tells it; map a literal if all your customers are of one country.',
    malformed: 'Send the two-letter code of ISO 3166-1.',
  },
};

/** What it takes to have the field in more events; undefined where nothing is known about it. */
export function missingAdvice(field: string, definition: FieldDefinition | undefined): string | undefined {
  const known = advice[field]?.missing;
  const paths = pathsOf(definition?.default);
  const where = paths.length === 0 ? `Map ${field}.` : `It is read from ${placesOf(paths)}, unless ${field} is mapped.`;
  return known === undefined ? undefined : `${known} ${where}`;
}

/** What it takes to have usable values of the field. */
export function malformedAdvice(field: string): string {
  return advice[field]?.malformed ?? 'Look at single events with `meta-actions explain`.';
}
