import { keepingBack } from '../../explain/explain-privacy.ts';
import { isNested, jsonOf } from './event-of.ts';

const longestEvent = 16 * 1024 * 1024;
const longestRaw = 4_000;
const show = keepingBack();

/** The value of a record for people: as JSON, or where it is none its beginning, if identifiers may be shown. */
export function shownValue(value: Buffer | null, showIdentifiers: boolean): { event?: unknown; raw?: string } {
  if (value === null) return {};
  const event = isNested(value) ? undefined : jsonOf(value, longestEvent);
  if (event !== undefined) return { event: showIdentifiers ? event : show([], event) };
  return showIdentifiers ? { raw: value.subarray(0, longestRaw).toString('utf8') } : {};
}
