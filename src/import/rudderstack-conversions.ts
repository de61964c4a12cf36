import { type JsonObject, own } from '../core/json.ts';
import { quote } from '../trigger/quoted.ts';
import type { DestinationDraft, SubscriptionDraft } from './draft.ts';
import { reasons } from './reasons.ts';
import { commonMapping, valueFieldOf } from './rudderstack-mapping.ts';
import { rudderReasons } from './rudderstack-reasons.ts';
import type { RudderDestination } from './rudderstack-resources.ts';
import {
  consentOf,
  idSetting,
  noteConnection,
  noteOff,
  secretSetting,
  switchSetting,
  textsOf,
} from './rudderstack-settings.ts';

/** Actions by the event of Meta; the other standard events are custom events here. */
const actionsByEvent: Readonly<Record<string, string>> = {
  ViewContent: 'view-content',
  Search: 'search',
  AddToCart: 'add-to-cart',
  AddToWishlist: 'add-to-wishlist',
  InitiateCheckout: 'initiate-checkout',
  AddPaymentInfo: 'add-payment-info',
  Purchase: 'purchase',
  PageView: 'page-view',
  Lead: 'lead',
  CompleteRegistration: 'complete-registration',
  StartTrial: 'start-trial',
  Subscribe: 'subscribe',
};

/** Events of the Segment spec that RudderStack makes standard events of without being told. */
const automatic: Readonly<Record<string, string>> = {
  'Product List Viewed': 'ViewContent',
  'Product Viewed': 'ViewContent',
  'Product Added': 'AddToCart',
  'Order Completed': 'Purchase',
  'Products Searched': 'Search',
  'Checkout Started': 'InitiateCheckout',
};

/** The destination file of Facebook Conversions, or of Facebook Pixel in cloud mode. */
export function rudderConversions(destination: RudderDestination, name: string): DestinationDraft {
  const names = namesByEvent(destination);
  const filter = filterOf(destination);
  const mapped = [...names.values()].flat();
  const { mapping, inTheClear } = commonMapping(destination);
  const valueField = valueFieldOf(destination);
  const subscriptions = [...names].flatMap(([event, listed]): readonly SubscriptionDraft[] => {
    const wanted = filter.of(listed);
    if (wanted === undefined) return [];
    const action = actionsByEvent[event] ?? 'custom-event';
    const fields = {
      ...mapping,
      ...(action === 'custom-event' && { event_name: event }),
      ...(valueField !== undefined && (action === 'view-content' || action === 'add-to-cart') && { value: valueField }),
    };
    return [
      {
        name: event,
        action,
        enabled: true,
        trigger: `type = "track" and ${wanted}`,
        mapping: fields,
        inTheClear,
      },
    ];
  });
  const page = pageDraft(destination, mapping, inTheClear);
  const rest = filter.others(mapped);
  const others: readonly SubscriptionDraft[] =
    rest === undefined
      ? []
      : [
          {
            name: 'Other events',
            action: 'custom-event',
            enabled: true,
            trigger: `type = "track" and ${rest}`,
            mapping,
            inTheClear,
          },
        ];
  return {
    name,
    enabled: destination.enabled,
    settings: settingsOf(destination),
    subscriptions: [...subscriptions, ...page, ...others],
  };
}

function settingsOf(destination: RudderDestination): JsonObject {
  const pixel =
    idSetting(destination, 'datasetId', 'settings.pixel_id') ?? idSetting(destination, 'pixelId', 'settings.pixel_id');
  const consent = consentOf(destination);
  const code = testCode(destination);
  noteConnection(destination);
  return {
    pixel_id: pixel ?? '0',
    access_token: secretSetting(destination, 'accessToken', 'META_ACCESS_TOKEN') ?? { $env: 'META_ACCESS_TOKEN' },
    ...(code !== undefined && { test_event_code: code }),
    integration_names: destination.kind === 'pixel' ? ['Facebook Pixel'] : ['Facebook Conversions'],
    ...(consent !== undefined && { consent }),
  };
}

function testCode(destination: RudderDestination): string | undefined {
  const isTest = switchSetting(destination, 'testDestination', 'settings.test_event_code', reasons.testCode);
  const code = destination.setting('testEventCode');
  if (code === undefined) return undefined;
  const [text] = textsOf(code.value);
  if (text === undefined) noteOff(code, destination);
  else if (!isTest) destination.ledger.changed(code.path, reasons.testCodeOff);
  else if (/^[\w-]{1,100}$/.test(text)) {
    destination.ledger.carried(code.path, 'settings.test_event_code');
    return text;
  } else
    destination.ledger.decision(code.path, rudderReasons.placeholder, {
      detail: 'write it to `settings.test_event_code`.',
    });
  return undefined;
}

/** The names of events that become each event of Meta, in lower case: RudderStack takes them in any. */
function namesByEvent(destination: RudderDestination): ReadonlyMap<string, readonly string[]> {
  const names = new Map(Object.entries(automatic).map(([name, event]) => [name.toLowerCase(), event]));
  const setting = destination.setting('eventsToEvents');
  const pairs = Array.isArray(setting?.value) ? setting.value : [];
  let used = 0;
  for (const pair of pairs) {
    const [from, to] = [textsOf(own(pair, 'from'))[0], textsOf(own(pair, 'to'))[0]];
    if (from === undefined || to === undefined) continue;
    names.set(from.toLowerCase(), to);
    used += 1;
  }
  if (setting !== undefined) {
    if (used === 0) noteOff(setting, destination);
    else destination.ledger.changed(setting.path, rudderReasons.eventNames, { to: 'subscriptions' });
  }
  const byEvent = new Map<string, string[]>();
  for (const [name, event] of names) byEvent.set(event, [...(byEvent.get(event) ?? []), name]);
  return byEvent;
}

interface EventFilter {
  /** The condition for events of these names that pass; undefined: none does. */
  of(names: readonly string[]): string | undefined;
  /** The condition for all that pass but these; undefined: none does. */
  others(names: readonly string[]): string | undefined;
}

/** A list of allowed or denied events, whose names must be written alike. */
function filterOf(destination: RudderDestination): EventFilter {
  const option = destination.setting('eventFilteringOption');
  const lists = ['whitelistedEvents', 'blacklistedEvents'].map((key) => {
    const setting = destination.setting(key);
    const isUsed = option?.value === key;
    if (setting !== undefined) {
      if (isUsed) destination.ledger.changed(setting.path, rudderReasons.filter, { to: 'trigger' });
      else noteOff(setting, destination);
    }
    return isUsed ? textsOf(setting?.value, 'eventName', 'event_name', 'event') : undefined;
  });
  if (option !== undefined) {
    if (lists.some((list) => list !== undefined))
      destination.ledger.changed(option.path, rudderReasons.filter, { to: 'trigger' });
    else noteOff(option, destination);
  }
  const [allowed, denied = []] = lists;
  const areIn = (listed: readonly string[], names: readonly string[]) =>
    listed.filter((name) => names.includes(name.toLowerCase()));
  return {
    of(names) {
      if (allowed === undefined) return allBut(isOneOf('lowercase(event)', names), areIn(denied, names));
      const wanted = areIn(allowed, names);
      return wanted.length === 0 ? undefined : isOneOf('event', wanted);
    },
    others(names) {
      const [here, there] = [allowed ?? denied, areIn(allowed ?? denied, names)];
      const rest = here.filter((name) => !there.includes(name));
      if (allowed === undefined) return allBut(`not ${isOneOf('lowercase(event)', names)}`, rest);
      return rest.length === 0 ? undefined : isOneOf('event', rest);
    },
  };
}

function allBut(condition: string, names: readonly string[]): string {
  return names.length === 0 ? condition : `${condition} and not ${isOneOf('event', names)}`;
}

function isOneOf(name: string, names: readonly string[]): string {
  const unique = [...new Set(names)];
  return unique.length === 1 ? `${name} = ${quote(unique[0] ?? '')}` : `${name} in [${unique.map(quote).join(', ')}]`;
}

/** Pages become PageView; those of the Pixel only where that is asked for. */
function pageDraft(
  destination: RudderDestination,
  mapping: JsonObject,
  inTheClear: readonly string[],
): readonly SubscriptionDraft[] {
  if (destination.kind === 'pixel' && !switchSetting(destination, 'standardPageCall', 'subscriptions')) return [];
  const trigger = 'type = "page" or type = "screen"';
  return [{ name: 'PageView', action: 'page-view', enabled: true, trigger, mapping, inTheClear }];
}
