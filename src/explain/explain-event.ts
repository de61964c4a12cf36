import type { ConfiguredDestination } from '../config/destination.ts';
import type { ConfiguredSubscription } from '../config/subscription.ts';
import type { Warning } from '../core/action.ts';
import type { AnalyticsEvent } from '../core/event.ts';
import { own } from '../core/json.ts';
import type { Failure } from '../core/outcome.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination, Subscription } from '../core/subscription.ts';
import { conversionsRequest } from '../meta/conversions-request.ts';
import type { DecodeOptions } from '../pipeline/route/decode.ts';
import { type Decision, type EventPlan, planEvents, type SubscriptionDecision } from '../pipeline/route/plan.ts';
import { withRecord } from '../pipeline/route/record-context.ts';
import type { ReadyDelivery } from '../pipeline/route/prepare.ts';
import { parseTrigger } from '../trigger/parse.ts';
import { type Show, type TriggerTrace, traceTrigger } from '../trigger/trace.ts';
import type { TriggerNode } from '../trigger/tree.ts';
import { audienceRequests } from './explain-audience.ts';
import { type ExplainedFields, explainFields, identifyingPaths, valuesBeforeHashing } from './explain-fields.ts';
import { keepingBack, keptBack, withoutKept } from './explain-privacy.ts';

/** What `explain` says of one event: one line of JSON. */
export interface Explanation {
  readonly event: EventOutline;
  /** The record is no event; nothing else is said of it then. */
  readonly error?: ExplainedError;
  readonly deliveries: readonly ExplainedDelivery[];
  readonly skipped: readonly ExplainedSkip[];
}

export interface EventOutline {
  /** The event's position in the file, from 0. */
  readonly index: number;
  /** Its place in its record, from 0, where that holds several. */
  readonly position?: number;
  readonly type?: unknown;
  readonly event?: unknown;
  readonly messageId?: unknown;
}

/** Where an event stands. */
export type EventPlace = Pick<EventOutline, 'index' | 'position'>;

export function placeOf({ event }: SourceRecord, index: number): EventPlace {
  return { index, ...(event !== undefined && { position: event.index }) };
}

/** How a subscription came to its decision; only with details. */
interface Details {
  readonly trigger?: TriggerTrace;
  readonly fields?: ExplainedFields;
  /** Only where identifiers are to be shown: the values of which hashes are sent. */
  readonly identifiers?: Readonly<Record<string, readonly string[]>>;
}

export interface ExplainedDelivery extends Details {
  readonly destination: string;
  readonly subscription: string;
  readonly action: string;
  readonly status: 'ready' | 'rejected';
  /** What would be sent, byte for byte, tokens aside. */
  readonly request?: { readonly method: string; readonly path: string; readonly body: unknown };
  readonly error?: ExplainedError;
  readonly warnings: readonly Warning[];
}

export interface ExplainedSkip extends Pick<Details, 'trigger'> {
  readonly destination: string;
  readonly subscription: string;
  readonly reason: string;
}

export type ExplainedError = Pick<Failure, 'code' | 'message' | 'field' | 'fix'>;

export interface ExplainOptions {
  readonly destinations: readonly ConfiguredDestination[];
  readonly decode: DecodeOptions;
  /** Unix milliseconds. */
  readonly now: number;
  /** Show for each subscription how its trigger came out and where its fields come from. */
  readonly details: boolean;
  readonly showIdentifiers: boolean;
  /** What identifies a person in the clear is left out of bodies, too. They are not what would be sent, byte for byte, then. */
  readonly hidesInBody?: boolean;
}

/** A subscription with what is needed to explain it. */
interface View {
  readonly destination: ConfiguredDestination;
  readonly subscription: ConfiguredSubscription;
  readonly tree: TriggerNode | undefined;
  /** Undefined: everything may be shown. */
  readonly show: Show | undefined;
}

/** Shows what is decided about the events of records; `first` is the place of a record's first event in the file. */
export function createExplainer(
  options: ExplainOptions,
): (record: SourceRecord, first: number) => Generator<Explanation> {
  const { destinations, now } = options;
  const views = destinations.flatMap((destination) =>
    destination.subscriptions.map((subscription) => viewOf(destination, subscription, options)),
  );

  return function* explain(whole, first) {
    let index = first;
    for (const plan of planEvents(whole, destinations, options, now, nothingIsDone)) {
      yield explanationOf(plan, index);
      index += 1;
    }
  };

  function explanationOf({ record, decoded, decisions }: EventPlan, index: number): Explanation {
    const place = placeOf(record, index);
    if (decoded?.kind !== 'event') return explainNoEvent(decisions, place);
    const inRecord = withRecord(decoded.event, record, options.decode);
    const bySubscription = new Map(decisions.flatMap((decision) => ofSubscription(decision)));
    const deliveries: ExplainedDelivery[] = [];
    const skipped: ExplainedSkip[] = [];
    for (const view of views) {
      const event =
        view.subscription.readsRecord === true && inRecord.kind === 'event' ? inRecord.event : decoded.event;
      const decision = bySubscription.get(view.subscription);
      if (view.subscription.takesTopic?.(record.topic) === false) skipped.push(skipOf(view, 'topics', event));
      else if (decision === undefined) skipped.push(skipOf(view, 'trigger', event));
      else if (decision.kind === 'skip') skipped.push(skipOf(view, decision.reason, event));
      else {
        const details = detailsOf(view, event, options);
        const shown = explained(view, decision).map((delivery) => ({ ...delivery, ...details }));
        deliveries.push(...(options.hidesInBody === true ? withoutIdentifiers(shown, view, event) : shown));
      }
    }
    return {
      event: outlineOf(decoded.event, place, options.showIdentifiers ? undefined : keepingBack()),
      deliveries,
      skipped,
    };
  }
}

const nothingIsDone = () => false;

function ofSubscription(decision: Decision): readonly (readonly [Subscription, SubscriptionDecision])[] {
  return 'subscription' in decision ? [[decision.subscription, decision]] : [];
}

function explainNoEvent(decisions: readonly Decision[], event: EventOutline): Explanation {
  const [decision] = decisions;
  if (decision?.kind === 'empty') {
    const skipped = [{ destination: '', subscription: '', reason: decision.reason }];
    return { event, deliveries: [], skipped };
  }
  const failed = decision !== undefined && 'failure' in decision && decision.failure !== undefined;
  return { event, ...(failed && { error: decision.failure }), deliveries: [], skipped: [] };
}

function skipOf(view: View, reason: string, event: AnalyticsEvent): ExplainedSkip {
  const { destination, subscription } = view;
  return { destination: destination.name, subscription: subscription.id, reason, ...traced(view, event) };
}

function viewOf(
  destination: ConfiguredDestination,
  subscription: ConfiguredSubscription,
  { details, showIdentifiers }: ExplainOptions,
): View {
  const parsed = details ? parseTrigger(subscription.trigger) : undefined;
  return {
    destination,
    subscription,
    tree: parsed !== undefined && 'tree' in parsed ? parsed.tree : undefined,
    show: showIdentifiers ? undefined : keepingBack(identifyingPaths(subscription)),
  };
}

/** What an event is known by. */
export function outlineOf(event: unknown, place: EventPlace, show: Show = (_keys, value) => value): EventOutline {
  const members = ['type', 'event', 'messageId'].map((key) => [key, show([key], own(event, key))] as const);
  return { ...place, ...Object.fromEntries(members.filter(([, value]) => value !== undefined)) };
}

function traced({ tree, show }: View, event: AnalyticsEvent): Pick<Details, 'trigger'> {
  return tree === undefined ? {} : { trigger: traceTrigger(tree, event, show) };
}

function detailsOf(view: View, event: AnalyticsEvent, { details, showIdentifiers, now }: ExplainOptions): Details {
  const { subscription, destination, show } = view;
  try {
    return {
      ...traced(view, event),
      ...(details && { fields: explainFields(subscription, event, show) }),
      ...(showIdentifiers && {
        identifiers: valuesBeforeHashing(subscription, event, destination.settings, now),
      }),
    };
  } catch {
    // The mapping refuses this event (a template that takes too long): the delivery's error says so.
    return traced(view, event);
  }
}

function explained(
  { destination, subscription, show }: View,
  decision: Exclude<SubscriptionDecision, { kind: 'skip' }>,
): readonly ExplainedDelivery[] {
  const names = { destination: destination.name, subscription: subscription.id, action: subscription.action.key };
  const { warnings } = decision.findings;
  const rejected = (error: Failure): ExplainedDelivery => ({ ...names, status: 'rejected', error, warnings });
  if (decision.kind === 'reject') return [rejected(decision.failure)];
  if (decision.kind === 'deliver') {
    return [{ ...names, status: 'ready', request: requestOf(destination, decision.ready), warnings }];
  }
  // The name of an audience may have come with the event.
  const requests = audienceRequests(destination, decision.updates, (name) => String(show?.([], name) ?? name));
  const ready = requests.map((request): ExplainedDelivery => ({ ...names, status: 'ready', request, warnings }));
  // The audience is only to be there: nothing is sent if it is.
  if (ready.length === 0) ready.push({ ...names, status: 'ready', warnings });
  return decision.failure === undefined ? ready : [...ready, rejected(decision.failure)];
}

/** Bodies without what identifies a person and isn't hashed. */
function withoutIdentifiers(
  deliveries: readonly ExplainedDelivery[],
  { show }: View,
  event: AnalyticsEvent,
): readonly ExplainedDelivery[] {
  const kept = show === undefined ? new Set() : keptBack(event, show);
  return deliveries.map((delivery) =>
    delivery.request === undefined
      ? delivery
      : { ...delivery, request: { ...delivery.request, body: withoutKept(delivery.request.body, kept) } },
  );
}

function requestOf({ settings }: Destination, ready: ReadyDelivery) {
  const request = conversionsRequest(settings, [ready], ready);
  return { method: request.method, path: request.path, body: JSON.parse(request.body.toString('utf8')) as unknown };
}
