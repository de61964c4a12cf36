import type { Destination } from '../core/subscription.ts';
import type { ReadOtherValue } from '../people/record-texts.ts';
import type { DecodeOptions } from '../pipeline/route/decode.ts';

/** As the topic's records are read; one of several events of a record is JSON, whatever the record was. */
export function readingOf({ topics, maxRecordBytes }: DecodeOptions): ReadOtherValue {
  return (value, record) => {
    const read = value.length > maxRecordBytes ? undefined : topics?.(record.topic)?.read;
    if (read === undefined) return undefined;
    try {
      return read(value, record);
    } catch {
      // A schema that isn't there: the letter says so, and its bytes are looked through as they are.
      return undefined;
    }
  };
}

/** Where a phone number without a country may be from. */
export function countriesOf(destinations: readonly Destination[]): readonly string[] {
  return [...new Set(destinations.flatMap(({ settings }) => settings.defaultCountry ?? []))];
}
