import { appended } from '../../core/appended.ts';
import type { AudienceChange, AudienceTarget, AudienceUpdate } from '../../core/audience.ts';
import { maxMembersOfObject } from '../../core/bounded-json.ts';
import { bugOf } from '../../core/bug.ts';
import { entriesOf } from '../../core/entry-ranges.ts';
import type { AnalyticsEvent } from '../../core/event.ts';
import type { Failure } from '../../core/outcome.ts';
import type { ParkedTag, SourceRecord } from '../../core/record.ts';
import type { Destination, Subscription } from '../../core/subscription.ts';
import { subscriptionKey } from '../../core/subscription-key.ts';
import { type DecodeOptions, decodeRecord } from './decode.ts';
import type { Decoded } from './decoded.ts';
import { duplicateEvent, isDuplicate, nothingSent, type SentByRecord } from './duplicate-event.ts';
import { integrationsAllow } from './integrations.ts';
import { removesByKey, rowIsGone, saysRowIsGone, withRecord } from './record-context.ts';
import { type Findings, type Prepared, prepare, type ReadyDelivery } from './prepare.ts';
import { eventRecords } from './several-events.ts';

/**
 * What is to become of a record: every decision that is made before anything is sent, and made nowhere else. The
 * connector carries the decisions out, `explain` and replay's preview show them.
 */
export interface RecordPlan {
  /**
   * What the record holds. `several`: each event is planned by itself (`eventRecords`). Undefined: it was not read, since
   * the subscription that it was parked for is gone.
   */
  readonly decoded: Decoded | undefined;
  /** In the order of the configuration. Subscriptions whose trigger doesn't match have none. */
  readonly decisions: readonly Decision[];
}

export type Decision = RecordDecision | SubscriptionDecision;

/** About the record as such. */
export type RecordDecision =
  /** It has no event, and need not have one. */
  | { readonly kind: 'empty'; readonly reason: string }
  | { readonly kind: 'undecodable'; readonly failure: Failure }
  /** It was parked for a subscription that the configuration no longer has, or the program failed on it. Nobody else would report it. */
  | { readonly kind: 'orphaned'; readonly parked: ParkedTag; readonly failure: Failure };

/** About one event of the record and a subscription whose trigger selects it. */
export type SubscriptionDecision = Selected &
  (
    | { readonly kind: 'deliver'; readonly ready: ReadyDelivery }
    | {
        readonly kind: 'change';
        /** At least one. */
        readonly updates: readonly AudienceUpdate[];
        /** Entries that can't be used and become a dead letter. */
        readonly failure: Failure | undefined;
      }
    | { readonly kind: 'reject'; readonly failure: Failure }
    /** Ends here by a rule; the reason is counted. */
    | { readonly kind: 'skip'; readonly reason: string; readonly was?: PastEnd }
  );

/** How an earlier process has ended a subscription's part of a record, as far as that can be told. */
export type PastEnd = { readonly kind: 'sent' } | { readonly kind: 'rejected'; readonly failure: Failure };

interface Selected {
  /** Which of the record's events, from 0. */
  readonly eventIndex: number;
  readonly destination: Destination;
  readonly subscription: Subscription;
  /** `subscriptionKey` of the two. */
  readonly key: string;
  readonly findings: Findings;
}

export interface PlanOptions {
  readonly decode: DecodeOptions;
  /** What the record holds, for who has read it already. Absent: it is read as `decode` says. */
  readonly decoded?: Decoded | undefined;
  /** Absent: everything in a record is wanted. */
  readonly scope?: ReplayScope | undefined;
}

/** What is wanted of a record that is replayed. */
export interface ReplayScope {
  /** Of an event with lists of users: these entries only (`entriesText`); undefined: all. */
  entries(record: SourceRecord): string | undefined;
  /** A newer change covers this one. */
  isCovered(record: SourceRecord, target: AudienceTarget, change: AudienceChange): boolean;
}

/** Whether this part of the record came to its end before, or is not wanted now. */
export type IsDone = (key: string) => boolean;

/** The same of any record. */
export type IsDoneOf = (record: SourceRecord, key: string) => boolean;

export function doneIn(record: SourceRecord, isDone: IsDoneOf): IsDone {
  return (key) => isDone(record, key);
}

/**
 * Decides what is to become of a record. Pure; of a record that no trigger selects it copies and keeps nothing.
 *
 * @param now Unix milliseconds.
 * @param sent What other events of the same record send.
 */
export function planRecord(
  record: SourceRecord,
  destinations: readonly Destination[],
  options: PlanOptions,
  now: number,
  isDone: IsDone,
  sent?: SentByRecord,
): RecordPlan {
  try {
    return planUnguarded(record, destinations, options, now, isDone, sent);
  } catch (error) {
    return failedPlan(record, isDone, bugOf(error));
  }
}

/** The program has failed on the record, which must not keep others from being read. */
function failedPlan({ parked }: SourceRecord, isDone: IsDone, failure: Failure): RecordPlan {
  if (parked !== undefined) return { decoded: undefined, decisions: [{ kind: 'orphaned', parked, failure }] };
  return unreadable(failure, isDone);
}

function planUnguarded(
  record: SourceRecord,
  destinations: readonly Destination[],
  { decode: decodeOptions, decoded: known, scope }: PlanOptions,
  now: number,
  isDone: IsDone,
  sent?: SentByRecord,
): RecordPlan {
  const { parked } = record;
  if (parked !== undefined && !isConfigured(parked, destinations)) {
    return { decoded: undefined, decisions: [{ kind: 'orphaned', parked, failure: subscriptionRemoved }] };
  }
  const decoded = known ?? decodeRecord(record, decodeOptions);
  if (decoded.kind === 'undecodable') return unreadable(decoded.failure, isDone);
  if (decoded.kind === 'several') return record.event === undefined ? { decoded, decisions: none } : nested(isDone);
  const cut = (decoded.kind === 'event' && decoded.cut === true) || record.event?.cut === true;
  const eventIndex = record.event?.index ?? 0;
  const entries = scope?.entries(record);
  const wantsEntry = entries === undefined ? undefined : entriesOf(entries);
  const question = { record, cut, decodeOptions, eventIndex, now, isDone, scope, wantsEntry };
  if (decoded.kind === 'event') return planEvent(decoded, question, destinations, sent);
  const isRemoval = saysRowIsGone(decoded, record, decodeOptions);
  const removal = isRemoval ? planEvent(rowIsGone, question, destinations, sent, removesByKey) : undefined;
  if (removal !== undefined && removal.decisions.length > 0) return removal;
  return { decoded, decisions: [{ kind: 'empty', reason: decoded.reason }] };
}

function planEvent(
  decoded: Extract<Decoded, { kind: 'event' }>,
  question: Question,
  destinations: readonly Destination[],
  sent: SentByRecord | undefined,
  isFor?: (subscription: Subscription) => boolean,
): RecordPlan {
  const { cut, isDone } = question;
  const decisions = decideAll(decoded.event, question, destinations, sent, isFor);
  if ('code' in decisions) return unreadable(decisions, isDone);
  // What a trigger asks for may be among the members that were not read.
  if (cut && decisions.length === 0) return unreadable(notSelected, isDone);
  return { decoded, decisions };
}

function nested(isDone: IsDone): RecordPlan {
  return unreadable({ code: 'NOT_AN_EVENT', message: 'the event is a list or a batch itself' }, isDone);
}

function unreadable(failure: Failure, isDone: IsDone): RecordPlan {
  const decisions: readonly Decision[] = isDone(subscriptionKey()) ? none : [{ kind: 'undecodable', failure }];
  return { decoded: { kind: 'undecodable', failure }, decisions };
}

const notSelected: Failure = {
  code: 'TOO_MANY_MEMBERS',
  message: `no trigger selects the event by the first ${maxMembersOfObject} members of each of its objects; no more are read`,
};

/** What is to become of one event, as a record of its own. */
export interface EventPlan extends RecordPlan {
  readonly record: SourceRecord;
}

/** A record's events one after another, each planned as a record of its own: one, unless the record holds several. */
export function* planEvents(
  record: SourceRecord,
  destinations: readonly Destination[],
  options: PlanOptions,
  now: number,
  isDone: IsDone,
): Generator<EventPlan> {
  const plan = planRecord(record, destinations, options, now, isDone);
  if (plan.decoded?.kind !== 'several') {
    yield { ...plan, record };
    return;
  }
  const { messages } = plan.decoded;
  const recordAt = eventRecords(record, plan.decoded);
  const sent = nothingSent();
  for (let index = 0; index < messages.length; index++) {
    const event = recordAt(index);
    yield { ...planRecord(event, destinations, options, now, isDone, sent), record: event };
  }
}

/** What the decisions about an event depend on besides the event. */
interface Question {
  readonly record: SourceRecord;
  /** Members of it were not read. */
  readonly cut: boolean;
  readonly decodeOptions: DecodeOptions;
  readonly eventIndex: number;
  readonly now: number;
  readonly isDone: IsDone;
  readonly scope: ReplayScope | undefined;
  /** As `ActionContext.wantsEntry`. */
  readonly wantsEntry: ((entry: string) => boolean) | undefined;
}

/**
 * A failure: the record's key, which somebody asks for, can't be read.
 *
 * @param isFor Which subscriptions are asked; absent: all.
 */
function decideAll(
  event: AnalyticsEvent,
  question: Question,
  destinations: readonly Destination[],
  sentBefore: SentByRecord | undefined,
  isFor: ((subscription: Subscription) => boolean) | undefined,
): readonly Decision[] | Failure {
  const { record } = question;
  let inRecord: ReturnType<typeof withRecord> | undefined;
  let decisions: Decision[] | undefined;
  let sent = sentBefore;
  for (const destination of destinations) {
    const candidates = destination.candidates(event);
    if (candidates.length === 0) continue;
    const barred = integrationsAllow(destination, event) ? undefined : 'integrations';
    for (const subscription of candidates) {
      if (subscription.takesTopic?.(record.topic) === false || isFor?.(subscription) === false) continue;
      let seen = event;
      if (subscription.readsRecord === true) {
        inRecord ??= withRecord(event, record, question.decodeOptions);
        if (inRecord.kind === 'failed') return inRecord.failure;
        seen = inRecord.event;
      }
      if (!subscription.matches(seen)) continue;
      sent ??= nothingSent();
      const decision = decide(question, seen, destination, subscription, barred, sent);
      decisions = appended(decisions, decision);
    }
  }
  return decisions ?? none;
}

function decide(
  { record, cut, eventIndex, now, isDone, scope, wantsEntry }: Question,
  event: AnalyticsEvent,
  destination: Destination,
  subscription: Subscription,
  barred: string | undefined,
  sent: SentByRecord,
): SubscriptionDecision {
  const findings = prepare(destination, subscription, event, record, now, { barred, wantsEntry, cut });
  const key = subscriptionKey(destination.name, subscription.id);
  // Asked first, so that a delivery that is done still makes the same one of another subscription a duplicate.
  const duplicate = findings.kind === 'ready' && isDuplicate(sent, destination, findings);
  if (findings.kind === 'ready' && !duplicate && !isOfAnother(key, record) && !isDone(key)) {
    return { kind: 'deliver', eventIndex, destination, subscription, key, findings, ready: findings };
  }
  const selected = { eventIndex, destination, subscription, key, findings };
  if (findings.kind === 'skipped') return { ...selected, kind: 'skip', reason: findings.reason };
  if (isOfAnother(key, record)) return { ...selected, kind: 'skip', reason: 'already_done' };
  if (isDone(key)) return { ...selected, kind: 'skip', reason: 'already_done', was: pastEnd(findings, duplicate) };
  if (findings.kind === 'rejected') return { ...selected, kind: 'reject', failure: findings.failure };
  if (findings.kind === 'ready') return { ...selected, kind: 'reject', failure: duplicateEvent };
  const { failure } = findings;
  const updates = scope === undefined ? findings.updates : uncovered(findings.updates, record, scope);
  if (updates.length > 0) return { ...selected, kind: 'change', updates, failure };
  if (failure !== undefined) return { ...selected, kind: 'reject', failure };
  return { ...selected, kind: 'skip', reason: 'superseded' };
}

function pastEnd(findings: Prepared, duplicate: boolean): PastEnd {
  if (findings.kind === 'rejected') return { kind: 'rejected', failure: findings.failure };
  return duplicate ? { kind: 'rejected', failure: duplicateEvent } : { kind: 'sent' };
}

/** Without the changes that newer ones cover. A session of the user's own is over, and was of the whole list. */
function uncovered(
  updates: readonly AudienceUpdate[],
  record: SourceRecord,
  scope: ReplayScope,
): readonly AudienceUpdate[] {
  return updates.flatMap((update): AudienceUpdate[] => {
    const { target, settings } = update;
    const changes = update.changes.filter((change) => !scope.isCovered(record, target, change));
    if (changes.length === 0 && update.changes.length > 0) return [];
    const isWhole = changes.length === update.changes.length && scope.entries(record) === undefined;
    return [isWhole ? update : { target, settings, changes }];
  });
}

function isConfigured({ destination, subscription }: ParkedTag, destinations: readonly Destination[]): boolean {
  const found = destinations.find(({ name }) => name === destination);
  return found?.subscriptions.some(({ id }) => id === subscription) ?? false;
}

/** Only one subscription's part of a record is parked: the others came to their end elsewhere. */
function isOfAnother(key: string, { parked }: SourceRecord): boolean {
  return parked !== undefined && key !== subscriptionKey(parked.destination, parked.subscription);
}

/** For every record that no trigger selects. */
const none: readonly Decision[] = [];

const subscriptionRemoved: Failure = {
  code: 'SUBSCRIPTION_REMOVED',
  message: 'The delivery waited for a subscription that the mappings no longer have.',
  fix: 'Give a subscription the old id, then replay.',
};
