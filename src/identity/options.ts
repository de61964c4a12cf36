/** What the rules may look at besides the value. All of it is optional. */
export interface IdentityOptions {
  /** The event's own country: a code or a name. Decides how a phone number, a state and a postal code are read. */
  readonly country?: string | undefined;
  /** The destination's country, for a phone number of an event without one. Nothing else looks at it. */
  readonly defaultCountry?: string | undefined;
  /** What comes first in a date whose year comes last; the month when absent. */
  readonly dateOrder?: 'mdy' | 'dmy' | undefined;
  /** The value goes to a Custom Audience, where an external id is sent as given. */
  readonly audience?: boolean | undefined;
  /** Hash the external id in audiences too. */
  readonly hashExternalId?: boolean | undefined;
  /** Ids in audiences go as given also where they are e-mail addresses or phone numbers. */
  readonly idsInClear?: boolean | undefined;
  /** Unix milliseconds: no birthday lies after it. The current time when absent. */
  readonly now?: number | undefined;
  /** The version of the rules; the current one when absent. */
  readonly version?: number | undefined;
}
