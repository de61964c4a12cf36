import type { AudienceKey } from '../core/audience.ts';
import { ConnectorError } from '../core/errors.ts';
import { columnNamed, personOf } from '../core/person-columns.ts';
import type { DestinationSettings } from '../core/settings.ts';
import { type Destination, feedsAudiences } from '../core/subscription.ts';
import { sha256 } from '../identity/hash.ts';
import { hashIdentifier } from '../identity/identify.ts';
import { hasColumn, valuesIn } from '../kit/audience/column-values.ts';
import { columnsOf, type PersonValues, type RulesOf, versionsOf } from '../kit/audience/columns.ts';
import { identityOptions } from '../kit/audience/identity.ts';
import { phoneHashes } from '../people/person-hashes.ts';
import type { SoughtPerson } from '../people/person-matcher.ts';
import type { UserFile } from '../replace/user-file.ts';

/** Columns by one of which Meta finds a person in an audience, whoever's app or page it is. */
export const erasedBy = ['EXTERN_ID', 'EMAIL', 'PHONE', 'MADID'] as const satisfies readonly AudienceKey[];

export interface PeopleToErase {
  readonly people: readonly PersonValues[];
  /** Lines of people by whom nobody can be found. */
  readonly unusable: readonly number[];
}

/** All of them are held, to look for each in each letter. */
const mostPeople = 1_000_000;

/** The people of a file, as `audiences replace` reads it. */
export async function peopleOfFile(file: UserFile, countries: readonly string[]): Promise<PeopleToErase> {
  const people: PersonValues[] = [];
  const unusable: number[] = [];
  for await (const portion of file.users()) {
    for (const user of portion) {
      if ('person' in user && identifies(user.person, countries)) people.push(user.person);
      else unusable.push(user.line);
      if (people.length > mostPeople) {
        throw new ConnectorError('USAGE', `${file.path} holds more than ${mostPeople} people: divide it`);
      }
    }
  }
  return { people, unusable };
}

/** One person, as `key=value` each. The message of an error doesn't repeat a value. */
export function personOfTexts(texts: readonly string[], countries: readonly string[]): PersonValues {
  const entries = texts.map((text) => {
    const at = text.indexOf('=');
    const name = at < 1 ? undefined : columnNamed(text.slice(0, at));
    if (name === undefined || at === text.length - 1) {
      const message = '--person: write email=…, phone=…, external_id=… or madid=…, one or several of them';
      throw new ConnectorError('USAGE', message);
    }
    return [name, text.slice(at + 1)] as const;
  });
  const person = personOf(entries);
  if (identifies(person, countries)) return person;
  const message =
    '--person: nobody is found by this: give an e-mail address, a phone number with its country, an external id or an advertising id';
  throw new ConnectorError('USAGE', message);
}

function identifies(person: PersonValues, countries: readonly string[]): boolean {
  const { country } = person;
  return [undefined, ...countries].some((defaultCountry) => {
    const { columns } = columnsOf(person, {
      audience: true,
      ...(typeof country === 'string' && { country }),
      defaultCountry,
    });
    return erasedBy.some((key) => hasColumn(columns, key));
  });
}

/**
 * The values of each column of `erasedBy`, each once, by all that the destinations may have added the people as: by the rules
 * of today and by earlier ones, as a removal has them.
 */
export function valuesByColumn(
  people: readonly PersonValues[],
  destinations: readonly Destination[],
  now: number,
): ReadonlyMap<(typeof erasedBy)[number], ReadonlySet<string>> {
  const found = new Map(erasedBy.map((key) => [key, new Set<string>()]));
  const readings = destinations.flatMap(readingsOf);
  for (const person of people) {
    for (const { settings, inTheClear, rules } of readings) {
      const options = identityOptions(person, { settings, now, inTheClear });
      const { columns } = columnsOf(person, options, rules);
      for (const [key, values] of found) for (const cell of valuesIn(columns, key) ?? []) values.add(String(cell));
    }
  }
  return found;
}

interface Reading {
  readonly settings: DestinationSettings;
  readonly inTheClear: ReadonlySet<string>;
  readonly rules: RulesOf;
}

const idsInClear: ReadonlySet<string> = new Set(['external_id']);
const noneInClear: ReadonlySet<string> = new Set();

function readingsOf({ settings, subscriptions }: Destination): readonly Reading[] {
  const ways = subscriptions
    .filter(feedsAudiences)
    .map(({ inTheClear }) => (inTheClear.has('external_id') ? idsInClear : noneInClear));
  const all = ways.length === 0 ? [noneInClear] : [...new Set(ways)];
  return all.flatMap((inTheClear) => versionsOf('remove', settings).map((rules) => ({ settings, inTheClear, rules })));
}

/** Everything by which a letter may be told to be somebody's. */
export function soughtPerson(person: PersonValues, countries: readonly string[]): SoughtPerson {
  const given = (name: string) =>
    [person[name]]
      .flat()
      .filter((value) => value !== undefined && value !== null)
      .map(String);
  const ids = [...given('external_id'), ...given('page_scoped_user_id'), ...given('app_user_id')].map((id) =>
    id.trim(),
  );
  const madids = given('madid').map((id) => id.trim());
  const country = typeof person['country'] === 'string' ? [person['country']] : [];
  const hashes = [
    ...given('em').map((value) => hashIdentifier('em', value)),
    ...given('ph').flatMap((value) => [...phoneHashes(value, [...country, ...countries])]),
    ...ids.map((id) => hashIdentifier('external_id', id)),
    ...madids.map((id) => sha256(id.toLowerCase())),
  ].filter((hash) => hash !== undefined);
  return { hashes, ids: [...ids, ...madids].filter(isUnmistakable) };
}

/** A short id, or a number, stands for many things: it is looked for only where a member's name says what it is. */
function isUnmistakable(id: string): boolean {
  return id.length >= 8 && /\D/.test(id);
}
