import type { ConfiguredDestination } from '../../config/destination.ts';
import type { ConfiguredSubscription } from '../../config/subscription.ts';
import { feedsAudiences } from '../../core/subscription.ts';
import { own } from '../../core/json.ts';
import type { LaneStatus } from '../../core/lane-state.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';
import { testEventCodes } from '../../kit/test-event-code.ts';
import type { Facts } from './facts.ts';
import { type AnswerOf, type Refused, refuse } from '../server/handler.ts';
import { shownCounts } from './counted.ts';
import { laneSentence, stateOfLane, troubledLane, troubleOf } from './state.ts';
import { countText, numberText } from './words.ts';

type Shown = AnswerOf<'subscriptions'>['subscriptions'][number];

export function subscriptionsAnswer(facts: Facts, destination: string | undefined): AnswerOf<'subscriptions'> {
  facts.refresh();
  const lanes = facts.lanes();
  const wanted = facts.destinations().filter(({ name }) => destination === undefined || name === destination);
  return {
    subscriptions: wanted.flatMap((of) => {
      const marked = new Set(testEventCodes(of).subscriptions);
      return of.subscriptions.map((subscription) => shown(of, subscription, lanes, marked, facts));
    }),
  };
}

export function subscriptionAnswer(
  facts: Facts,
  { destination = '', id = '' }: Readonly<Record<string, string>>,
): AnswerOf<'subscription'> | Refused {
  const of = facts.destinations().find(({ name }) => name === destination);
  const subscription = of?.subscriptions.find((each) => each.id === id);
  if (of === undefined || subscription === undefined) return noSubscription;
  const marked = new Set(testEventCodes(of).subscriptions);
  return {
    subscription: shown(of, subscription, facts.lanes(), marked, facts),
    mapping: subscription.mapping,
    fields: Object.entries(subscription.action.definition.fields).map(([key, field]) => ({
      key,
      label: field.label,
      type: field.type,
      required: field.required === true,
      identifier: field.identifier === true,
      mapped: own(subscription.mapping, key) !== undefined,
      ...(field.description !== undefined && { description: field.description }),
    })),
  };
}

const noSubscription = refuse(404, 'NO_SUBSCRIPTION', 'no active destination has a subscription of this id');

function shown(
  { name }: ConfiguredDestination,
  subscription: ConfiguredSubscription,
  lanes: readonly LaneStatus[],
  marked: ReadonlySet<string>,
  { traffic, now }: Facts,
): Shown {
  const { id, action, trigger } = subscription;
  const isAudience = feedsAudiences(subscription);
  const key = subscriptionKey(name, id);
  const own = lanes.filter(({ lane, kind, destination }) =>
    kind === 'subscription' ? lane === key : destination === name && (kind === 'conversions') !== isAudience,
  );
  const troubled = troubledLane(own);
  const counts = shownCounts(traffic.subscription(name, id));
  const trouble = troubled && troubleOf(troubled);
  const { delivered, setAside } = counts.lastDay;
  return {
    destination: name,
    id,
    name: subscription.name,
    action: action.key,
    actionTitle: action.definition.title,
    kind: isAudience ? 'audience' : 'conversions',
    trigger,
    testMode: marked.has(id),
    state: troubled === undefined ? 'well' : stateOfLane(troubled),
    sentence:
      troubled === undefined
        ? `In the last 24 hours Meta accepted ${countText(delivered, isAudience ? 'change' : 'event')}; ${numberText(setAside)} set aside.`
        : laneSentence(troubled, now()),
    ...counts,
    ...(trouble !== undefined && { trouble }),
  };
}
