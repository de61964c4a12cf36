import type { MembershipChange } from '../../core/audience.ts';
import type { AnalyticsEvent } from '../../core/event.ts';
import { own } from '../../core/json.ts';
import { membershipWord } from '../../core/membership-word.ts';

/** Which changes a subscription lets through. */
export type SyncMode = 'mirror' | 'upsert' | 'delete';

/** `unsaid`: the event doesn't tell. `unknown`: it says something that isn't a word for either. */
export type Membership = MembershipChange | 'unsaid' | 'unknown';

/** A reverse-ETL source names what became of the row. */
const rowChanges: ReadonlyMap<unknown, MembershipChange> = new Map([
  toAdd('new'),
  toAdd('updated'),
  toRemove('deleted'),
]);

const audienceEvents: ReadonlyMap<unknown, MembershipChange> = new Map([
  toAdd('Audience Entered'),
  toRemove('Audience Exited'),
]);

/**
 * Whether the event adds its person or removes them: what is mapped decides; else the boolean that Engage sets under
 * the audience's key; else Engage's event name; else that of a reverse-ETL row.
 *
 * @param isMapped The mapping says where to look. If nothing is there, the event's own words remove somebody, and add
 * nobody: that a row was written doesn't say that its person wants to be in.
 */
export function membershipOf(mapped: unknown, event: AnalyticsEvent, isMapped = false): Membership {
  if (mapped !== undefined && mapped !== null && mapped !== '') return membershipWord(mapped) ?? 'unknown';
  const said = engageBoolean(event) ?? named(event, audienceEvents) ?? named(event, rowChanges) ?? 'unsaid';
  return isMapped && said === 'add' ? 'unsaid' : said;
}

/** Whether the mode lets the change through. */
export function modeAllows(mode: SyncMode, operation: MembershipChange): boolean {
  return mode === 'mirror' || (mode === 'upsert') === (operation === 'add');
}

/** Engage computed something under this key: an audience where its value is a boolean, else a trait. */
export function computationKey(event: AnalyticsEvent): string | undefined {
  const personas = own(own(event, 'context'), 'personas');
  const key = own(personas, 'computation_key') ?? own(own(event, 'properties'), 'audience_key');
  return typeof key === 'string' && key !== '' ? key : undefined;
}

/** A trait may be a boolean too, and makes nobody a member: Segment refuses it for audiences. */
function isComputedTrait(event: AnalyticsEvent): boolean {
  return own(own(own(event, 'context'), 'personas'), 'computation_class') === 'trait';
}

function engageBoolean(event: AnalyticsEvent): MembershipChange | undefined {
  const properties = own(event, 'properties');
  const key = computationKey(event);
  if (key === undefined || isComputedTrait(event)) return undefined;
  const values = [own(own(event, 'traits'), key), own(properties, key)];
  const value = values.find((value) => typeof value === 'boolean');
  if (value === undefined) return undefined;
  return value ? 'add' : 'remove';
}

function named(event: AnalyticsEvent, names: ReadonlyMap<unknown, MembershipChange>): MembershipChange | undefined {
  return event.type === 'track' ? names.get(own(event, 'event')) : undefined;
}

function toAdd<T>(word: T): [T, MembershipChange] {
  return [word, 'add'];
}

function toRemove<T>(word: T): [T, MembershipChange] {
  return [word, 'remove'];
}
