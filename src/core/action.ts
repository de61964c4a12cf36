import type { AudienceUpdate } from './audience.ts';
import type { AnalyticsEvent } from './event.ts';
import type { FieldDefinitions } from './field.ts';
import type { IdentifierStatuses } from './identifiers.ts';
import type { JsonObject } from './json.ts';
import type { Failure } from './outcome.ts';
import type { SourceRecord } from './record.ts';
import type { DestinationSettings } from './settings.ts';

/** Something that did not stop an event, for `explain` and the counters. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

/** What an action may use besides its fields. No I/O, and no clock but `now`. */
export interface ActionContext {
  readonly event: AnalyticsEvent;
  /** Where the event was read; its bytes and time give an event without a messageId its identity. */
  readonly record: SourceRecord;
  readonly settings: DestinationSettings;
  /** The subscription's values that come from its mapping, not from the event; absent: not known. */
  readonly fixedFields?: JsonObject | undefined;
  /** Fields that the subscription's mapping gives something for, whatever an event has of it; absent: not known. */
  readonly mapped?: ReadonlySet<string> | undefined;
  /** Fields, and members of objects (`custom_data.user_id`), that the subscription sends as they are, on purpose. */
  readonly inTheClear: ReadonlySet<string>;
  /** Unix milliseconds. */
  readonly now: number;
  /** The trigger is the user's own, not the action's default. */
  readonly ownTrigger?: boolean;
  /** Of an event with lists of users: whether an entry (`userListAdd[2]`) is asked for; absent: all are. */
  readonly wantsEntry?: ((entry: string) => boolean) | undefined;
  /** Why nobody may be added to an audience by this event (`consent`, `integrations`); removals always go. */
  readonly additionsBarred?: string | undefined;
  warn(warning: Warning): void;
  /** Called once for each person of the event with what became of their identifiers, for the match quality. */
  identified?(statuses: IdentifierStatuses): void;
}

/** An event of the Conversions API, spelled as Meta spells it and ready for JSON. */
export interface ConversionEvent extends JsonObject {
  readonly event_name: string;
  /** Unix seconds. */
  readonly event_time: number;
  readonly event_id: string;
  readonly action_source: string;
  readonly user_data: JsonObject;
}

/** What an action makes of an event. `skipped` ends it by a rule; the reason is counted. */
export type ActionResult =
  | {
      readonly kind: 'conversion';
      readonly event: ConversionEvent;
      /** Per event or subscription; the destination's when absent. */
      readonly testEventCode?: string;
      /** Per event; the destination's when absent. */
      readonly uploadTag?: string;
      /** Unix milliseconds from which on the event isn't sent: Meta's limit less a margin for the way. */
      readonly expiresAt: number;
    }
  | {
      readonly kind: 'audience';
      readonly updates: readonly AudienceUpdate[];
      /** Entries of a list that can't be used; the others go. */
      readonly failure?: Failure;
    }
  | { readonly kind: 'rejected'; readonly failure: Failure }
  | { readonly kind: 'skipped'; readonly reason: string };

/** What can be sent: data and one pure function. */
export interface ActionDefinition {
  readonly title: string;
  readonly description: string;
  /** It changes audiences: needs no pixel, and is asked for removals even where additions are barred. */
  readonly audience?: true;
  /** Absent: a subscription must give its own. */
  readonly defaultTrigger?: string;
  readonly fields: FieldDefinitions;
  /** `fields` has passed the definitions: typed inside `defineAction`. */
  readonly toPayload: (fields: never, context: ActionContext) => ActionResult;
}

/** The result of checking mapped values against field definitions. */
export interface ParsedFields {
  readonly fields: JsonObject;
  readonly failure?: Failure;
  /** Of this result alone: who has it adds what is found later. */
  readonly warnings: Warning[];
}

/** A member that a mapping gives to an action. */
export interface MappedMember {
  readonly name: string;
  /** Its place among what was read of the event, or what makes it of that; undefined: nothing. */
  readonly value: number | ((read: readonly unknown[]) => unknown);
}

/** An action ready to run. `key` is its file's name. */
export interface Action {
  readonly key: string;
  readonly definition: ActionDefinition;
  /** Drops what is absent, converts numeric text, validates. */
  parse(mapped: unknown): ParsedFields;
  /** `parse` of a mapping with these members, given what was read of an event: they are never put into an object. */
  parser(members: readonly MappedMember[]): (read: readonly unknown[]) => ParsedFields;
  toPayload(fields: JsonObject, context: ActionContext): ActionResult;
}
