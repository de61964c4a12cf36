import type { ProcessSettings } from '../config/environment.ts';
import { deadLetterConfig, parkedRecordsConfig } from '../config/kafka.ts';
import type { DeadLetterSearch } from '../core/erased-dead-letter.ts';
import { ConnectorError } from '../core/errors.ts';
import type { Destination } from '../core/subscription.ts';
import { withTokens } from '../connector/kafka-auth.ts';
import { countriesOf, readingOf } from '../connector/people-reading.ts';
import type { RecordDecoding } from '../connector/record-decoding.ts';
import { topicOrFile } from '../connector/topic-or-file.ts';
import { eraseFromFile } from '../file/erase-dead-letters.ts';
import { eraseFromTopic } from '../kafka/dead-letters/erase-dead-letters.ts';
import { eraseParked, parkingTopicsOf } from '../kafka/parking/erase-parked.ts';
import type { AudienceCallOptions } from '../meta/audiences/audience-call.ts';
import { createPersonMatcher } from '../people/person-matcher.ts';
import { adAccountsOf, isWithoutAccount } from './ad-accounts.ts';
import { type ErasedAtMeta, eraseAtMeta } from './erase-at-meta.ts';
import { type PeopleToErase, soughtPerson } from './people.ts';
import type { ErasedPlace, Receipt } from './receipt.ts';

export interface ErasureOptions extends PeopleToErase {
  readonly settings: ProcessSettings;
  readonly destinations: readonly Destination[];
  /** `topic:NAME` (empty: the one of the settings) or `file:PATH`, each. */
  readonly places: readonly string[];
  readonly decoding: RecordDecoding;
  readonly call: AudienceCallOptions;
  readonly signal: AbortSignal;
  /** Hears how many dead letters were looked at so far. */
  looked?(letters: number): void;
}

/**
 * Erases people from dead letters first, so that no replay brings them back, and then from the audiences. What fails in
 * one place doesn't keep it from the others; the receipt says so.
 */
export async function erase(options: ErasureOptions): Promise<Receipt> {
  const { people, unusable, destinations, settings, decoding, call } = options;
  const countries = countriesOf(destinations);
  const sought = people.map((person) => soughtPerson(person, countries));
  const matcher = createPersonMatcher(sought, { readOther: readingOf(decoding.options), countries });
  const found = new Set<number>();
  let letters = 0;
  const search: DeadLetterSearch = {
    prepare: preparing(decoding),
    concerns(letter) {
      letters += 1;
      options.looked?.(letters);
      const matched = matcher(letter);
      for (const place of matched) found.add(place);
      return matched.size > 0;
    },
  };
  const places: ErasedPlace[] = [];
  for (const place of options.places) places.push(await eraseFrom(place, search, settings, call));
  if (settings.KAFKA_BROKERS !== undefined) places.push(...(await eraseFromParking(search, settings, call)));
  const meta: ErasedAtMeta[] = [];
  for (const account of adAccountsOf(destinations)) {
    meta.push(await eraseAtMeta({ call, account, people, signal: options.signal }));
  }
  const notes = withoutAccount(destinations);
  const complete =
    unusable.length === 0 &&
    notes.length === 0 &&
    places.every((place) => !('failure' in place)) &&
    meta.every(({ failure, invalid }) => failure === undefined && invalid === 0);
  const at = new Date(call.clock.now()).toISOString();
  const foundNowhere = people.length - found.size;
  return { at, people: people.length, unusable, meta, places, foundNowhere, notes, complete };
}

const registryMillis = 10_000;

/** A registry that doesn't answer isn't asked again: the keys of the letters, and their bytes, have to do. */
function preparing(decoding: RecordDecoding): DeadLetterSearch['prepare'] {
  let answers = true;
  return async ({ record }) => {
    if (!answers) return;
    const tooLong = AbortSignal.timeout(registryMillis);
    await decoding.prepare([record], tooLong);
    answers = !tooLong.aborted;
  };
}

async function eraseFrom(
  place: string,
  search: DeadLetterSearch,
  settings: ProcessSettings,
  { clock }: AudienceCallOptions,
): Promise<ErasedPlace> {
  try {
    const read = topicOrFile(place, 'the place');
    if ('file' in read) return { place, ...(await eraseFromFile(read.file, search)) };
    const { topic, ...config } = withTokens(deadLetterConfig(settings, read.topic), clock);
    return { place: `topic:${topic}`, ...(await eraseFromTopic({ ...config, topic }, search)) };
  } catch (error) {
    return failed(place, error);
  }
}

async function eraseFromParking(
  search: DeadLetterSearch,
  settings: ProcessSettings,
  { clock }: AudienceCallOptions,
): Promise<readonly ErasedPlace[]> {
  const known = parkedRecordsConfig(settings);
  const place = 'parking topics';
  if (known === undefined)
    return [{ place, failure: 'not looked at: KAFKA_TOPICS does not say beside which topics they are' }];
  const places: ErasedPlace[] = [];
  try {
    const config = withTokens(known, clock);
    for (const topic of await parkingTopicsOf(config)) {
      const erased = eraseParked(config, topic, search);
      places.push(
        await erased.then(
          (done) => ({ place: `topic:${topic}`, ...done }),
          (error) => failed(`topic:${topic}`, error),
        ),
      );
    }
  } catch (error) {
    places.push(failed(place, error));
  }
  return places;
}

function failed(place: string, error: unknown): ErasedPlace {
  if (!(error instanceof ConnectorError)) throw error;
  return { place, failure: `${error.message} [${error.code}]` };
}

function withoutAccount(destinations: readonly Destination[]): readonly string[] {
  return destinations
    .filter(isWithoutAccount)
    .map(
      ({ name, file }) =>
        `destination ${name} feeds audiences and has no ad account to erase from: set ad_account_id in ${file}`,
    );
}
