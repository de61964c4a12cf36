import type { Action, ParsedFields } from './action.ts';
import type { AnalyticsEvent } from './event.ts';
import type { JsonObject } from './json.ts';
import type { DestinationSettings } from './settings.ts';

/** Trigger, action and mapping, compiled. */
export interface Subscription {
  /** Stable; the name unless given. Dead letters and replay refer to it. */
  readonly id: string;
  readonly name: string;
  readonly action: Action;
  /** The text that `matches` was compiled from. */
  readonly trigger: string;
  /** The `type`s and `event`s outside of which the trigger can't match; undefined: any. */
  readonly candidates: { readonly types?: readonly string[]; readonly events?: readonly string[] };
  matches(event: AnalyticsEvent): boolean;
  /** Whether it is for records of this topic. Absent: for those of all. */
  takesTopic?(topic: string): boolean;
  /** It names members of `context.kafka`: the record that the event came in. */
  readonly readsRecord?: boolean;
  /** It changes an audience, and its mapping makes something of the record's key: a tombstone is a removal. */
  readonly removesByKey?: boolean;
  /** The mapped values, by field. */
  resolve(event: AnalyticsEvent): JsonObject;
  /** What the action's `parse` makes of them. */
  fields(event: AnalyticsEvent): ParsedFields;
  /** The mapped values of an event that holds nothing: what comes from the mapping itself. */
  readonly fixedFields?: JsonObject;
  /** Fields that the mapping gives something for, instead of the action's default. */
  readonly mapped?: ReadonlySet<string>;
  /** Fields, and members of objects (`custom_data.user_id`), that are sent as they are, on purpose. */
  readonly inTheClear: ReadonlySet<string>;
  /** Undefined: no consent is asked for. */
  consents?(event: AnalyticsEvent): boolean;
}

/** A destination file, checked and compiled. */
export interface Destination {
  readonly name: string;
  readonly file: string;
  readonly settings: DestinationSettings;
  readonly subscriptions: readonly Subscription[];
  /** The subscriptions whose trigger may match, in their order: what an event is tested against. */
  candidates(event: AnalyticsEvent): readonly Subscription[];
}

/** What it makes of events are changes of audiences, not events for a pixel. */
export function feedsAudiences({ action }: Pick<Subscription, 'action'>): boolean {
  return action.definition.audience === true;
}

export function changesAudiences({ subscriptions }: Pick<Destination, 'subscriptions'>): boolean {
  return subscriptions.some(feedsAudiences);
}

/** No event of it goes to a pixel. */
export function feedsOnlyAudiences({ subscriptions }: Pick<Destination, 'subscriptions'>): boolean {
  return subscriptions.every(feedsAudiences);
}
