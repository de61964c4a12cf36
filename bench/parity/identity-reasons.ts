import { own } from '../../src/core/json.ts';
import { hashIdentifier, normalize } from '../../src/identity/identify.ts';
import type { Difference } from './compare.ts';
import type { Circumstances, ParityReason } from './reason.ts';

/** Columns of audiences by their fields. */
const columns: Readonly<Record<string, string>> = {
  EXTERN_ID: 'external_id',
  EMAIL: 'em',
  PHONE: 'ph',
  GEN: 'ge',
  LN: 'ln',
  FN: 'fn',
  CT: 'ct',
  ST: 'st',
  ZIP: 'zp',
  COUNTRY: 'country',
  MADID: 'madid',
};
const hashed = ['em', 'ph', 'ge', 'db', 'ln', 'fn', 'ct', 'st', 'zp', 'country', 'external_id'];

/** The identifier that the difference is about. */
function fieldOf({ path }: Difference): string | undefined {
  const [, column] = /^row\.(\w+)$/.exec(path) ?? [];
  if (column !== undefined) return columns[column];
  return /^user_data\.(\w+)$/.exec(path)?.[1];
}

/** What our rules make of the value that both were given, read by the person's country and without one. */
function byRules(field: string, { path }: Difference, { fields }: Circumstances): readonly (string | undefined)[] {
  const value = fields[field];
  const audience = path.startsWith('row.');
  const country = own(fields, 'country');
  return [typeof country === 'string' ? country : undefined, undefined].map((each) =>
    hashIdentifier(field, value, { country: each, audience }),
  );
}

export const identityReasons: readonly ParityReason[] = [
  {
    id: 'identifier-normalized',
    text: "The identifier is brought into the form that Meta documents for it before it is hashed (a phone number's country, a birthday's order, a city's punctuation, a postal code's first five digits), so that it matches.",
    explains(difference, circumstances) {
      const field = fieldOf(difference);
      if (field === undefined || !hashed.includes(field) || difference.ours === undefined) return false;
      return byRules(field, difference, circumstances).includes(String(difference.ours));
    },
  },
  {
    id: 'identifier-unusable',
    text: 'The value is no identifier of its kind (no address, no country, "n/a"), and matches nobody: it is left out.',
    explains(difference, circumstances) {
      const field = fieldOf(difference);
      if (field === undefined || difference.ours !== undefined || field === 'fbc') return false;
      return byRules(field, difference, circumstances).includes(undefined);
    },
  },
  {
    id: 'identifier-plain',
    text: 'An advertising id is sent in lower case, as Meta asks; an address of a network without its port.',
    explains(difference, { fields }) {
      const field = fieldOf(difference);
      if (field === undefined || hashed.includes(field) || difference.ours === undefined || field === 'fbc')
        return false;
      return normalize(field, fields[field]) === difference.ours;
    },
  },
  {
    id: 'click-id',
    text: "The click id follows one rule: a fbclid in the page's address replaces an older one, one of more than 90 days and one that is malformed are left out.",
    explains(difference, { event }) {
      if (fieldOf(difference) !== 'fbc') return false;
      const url = own(own(own(event, 'context'), 'page'), 'url');
      if (typeof difference.ours === 'string') return typeof url === 'string' && url.includes('fbclid=');
      const [, , millis = ''] = String(difference.theirs).split('.');
      const sent = Date.parse(String(own(event, 'timestamp')));
      return !/^fb\.[0-2]\.\d+\..+$/.test(String(difference.theirs)) || sent - Number(millis) > 90 * 86_400_000;
    },
  },
];
