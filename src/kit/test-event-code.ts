import type { Destination, Subscription } from '../core/subscription.ts';

/** Where a test_event_code is set for every event: on the whole destination, or on single subscriptions. */
export interface TestEventCodes {
  readonly wholeDestination: boolean;
  /** Ids of the subscriptions whose events are marked as tests. */
  readonly subscriptions: readonly string[];
}

/**
 * What is to be warned of at start, since Meta measures by test events too (Meta, using the API). A subscription has
 * the code when its mapping gives one to an event that holds nothing: a literal does, a path into the event doesn't.
 */
export function testEventCodes({ settings, subscriptions }: Destination): TestEventCodes {
  const wholeDestination = settings.testEventCode !== undefined;
  const marked = wholeDestination ? subscriptions : subscriptions.filter(hasLiteralCode);
  return { wholeDestination, subscriptions: marked.map(({ id }) => id) };
}

function hasLiteralCode(subscription: Subscription): boolean {
  try {
    return typeof subscription.resolve({ type: 'track' })['test_event_code'] === 'string';
  } catch {
    // A mapping that fails on such an event says nothing of it.
    return false;
  }
}
