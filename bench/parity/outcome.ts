/** What one of the two makes of an event for a subscription. */
export type Outcome =
  | { readonly kind: 'sent'; readonly method: string; readonly path: string; readonly body: unknown }
  /** The event can't be sent: their error, our dead letter. */
  | { readonly kind: 'refused'; readonly why: string }
  /** It is not for the subscription, or changes nothing. */
  | { readonly kind: 'nothing'; readonly why: string };
