import type { Action, ActionResult } from '../../src/core/action.ts';
import type { AnalyticsEvent } from '../../src/core/event.ts';
import type { DestinationSettings } from '../../src/core/settings.ts';
import type { Destination, Subscription } from '../../src/core/subscription.ts';

export function fakeSettings(more: Partial<DestinationSettings> = {}): DestinationSettings {
  return {
    pixelId: '1234567890',
    accessToken: { origin: 'test', read: () => 'test-token-1234' },
    apiVersion: 'v26.0',
    batch: { maxEvents: 1000, maxRows: 10_000, maxBytes: 4_000_000 },
    requirements: 'warn',
    tooOld: 'dead_letter',
    stripIdentifiers: true,
    integrationNames: [],
    ...more,
  };
}

/** Sends `{event_name: event.event, event_id: messageId, n: properties.n}`; an event named "Bad" is rejected. */
const fakeAction: Action = {
  key: 'custom-event',
  definition: {
    title: 'Custom Event',
    description: '',
    fields: {},
    toPayload: () => ({ kind: 'skipped', reason: 'unused' }),
  },
  parse: (mapped) => ({ fields: mapped as Record<string, unknown>, warnings: [] }),
  parser: (names) => (values) => ({
    fields: Object.fromEntries(names.map((name, at) => [name, values[at]])),
    warnings: [],
  }),
  toPayload(fields) {
    if (fields['name'] === 'Bad') return { kind: 'rejected', failure: { code: 'BAD', message: 'bad', field: 'name' } };
    return {
      kind: 'conversion',
      event: {
        event_name: String(fields['name']),
        event_time: 1_790_000_000,
        event_id: String(fields['id']),
        action_source: 'other',
        user_data: {},
      },
      expiresAt: Number.MAX_SAFE_INTEGER,
    };
  },
};

/** Changes audiences as the event's name says. */
export function fakeAudienceAction(toPayload: (name: string) => ActionResult): Action {
  const { definition } = fakeAction;
  return {
    ...fakeAction,
    key: 'sync-audience',
    definition: { ...definition, title: 'Sync Audience', audience: true },
    toPayload: ({ name }) => toPayload(String(name)),
  };
}

export function fakeSubscription(
  name: string,
  matches: (event: AnalyticsEvent) => boolean,
  more: Partial<Omit<Subscription, 'fields'>> = {},
): Subscription {
  const made: Omit<Subscription, 'fields'> = {
    id: name,
    name,
    action: fakeAction,
    trigger: 'type = "track"',
    candidates: {},
    matches,
    inTheClear: new Set(),
    resolve: (event) => ({ name: event['event'], id: `${String(event['messageId'])}-${name}` }),
    ...more,
  };
  return { ...made, fields: (event) => made.action.parse(made.resolve(event)) };
}

export function fakeDestination(subscriptions: readonly Subscription[], more: Partial<Destination> = {}): Destination {
  return {
    name: 'shop',
    file: 'mappings/shop.json',
    settings: fakeSettings(),
    subscriptions,
    candidates: () => subscriptions,
    ...more,
  };
}
