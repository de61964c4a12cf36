import type { SourceRecord } from '../core/record.ts';
import type { Destination } from '../core/subscription.ts';
import { subscriptionKey } from '../core/subscription-key.ts';
import { statedTime } from '../kit/conversion/event-time.ts';
import { type DecodeOptions, decodeRecord } from '../pipeline/route/decode.ts';
import type { Decoded } from '../pipeline/route/decoded.ts';
import { nothingSent, type SentByRecord } from '../pipeline/route/duplicate-event.ts';
import { type Decision, planRecord, type ReplayScope, type SubscriptionDecision } from '../pipeline/route/plan.ts';
import { eventRecords } from '../pipeline/route/several-events.ts';
import { countFieldChanges } from './field-changes.ts';
import { createFingerprintTable, hashOf } from './fingerprint-table.ts';
import { createMembers, type MembersResult } from './members.ts';
import { codeOf, comparableOf, countDecision, identityOf, isSame, sentOf, updatesOf } from './sent.ts';
import { count, emptyDiff, type SubscriptionDiff } from './subscription-diff.ts';

export interface ComparisonOptions {
  readonly old: readonly Destination[];
  readonly new: readonly Destination[];
  readonly decode: DecodeOptions;
}

/** What two configurations make of the same events. */
export interface Comparison {
  /**
   * The event's own time counts as now, so that a history isn't too old.
   *
   * @param part Absent: all of the record.
   */
  take(record: SourceRecord, part?: RecordPart): void;
  result(): ComparisonResult;
}

/** What of a record is compared: that which a dead letter is about. */
export interface RecordPart {
  /** `subscriptionKey` of the only subscription that is asked; undefined: all. */
  readonly key: string | undefined;
  /** Of a list of users, these entries only; undefined: all. */
  readonly entries: string | undefined;
}

export interface ComparisonResult extends MembersResult {
  readonly records: number;
  readonly events: number;
  /** Records that are no event, for both sides alike. */
  readonly undecodable: number;
  /** Dead letters of subscriptions that neither side has. */
  readonly ofOthers: number;
  /** Events that weren't looked for among later ones, since there were too many. */
  readonly notRemembered: number;
  /** In the order of the new configuration, then what only the old one has. */
  readonly subscriptions: readonly SubscriptionDiff[];
}

/** Names and ids of events that are remembered, to find those that are sent twice. */
const maxRemembered = 10_000_000;

export function createComparison(options: ComparisonOptions): Comparison {
  const { decode } = options;
  const diffs = new Map<string, SubscriptionDiff>();
  for (const { name, subscriptions } of [...options.new, ...options.old]) {
    for (const { id } of subscriptions) {
      const key = subscriptionKey(name, id);
      if (!diffs.has(key)) diffs.set(key, emptyDiff(name, id));
    }
  }
  const members = createMembers();
  const remembered = createFingerprintTable({ left: maxRemembered }, Uint8Array);
  let records = 0;
  let events = 0;
  let undecodable = 0;
  let notRemembered = 0;
  let ofOthers = 0;

  function take(record: SourceRecord, part?: RecordPart): void {
    records += 1;
    if (part?.key !== undefined && !diffs.has(part.key)) {
      ofOthers += 1;
      return;
    }
    const decoded = decodeRecord(record, decode);
    if (decoded.kind !== 'several') {
      takeEvent(record, decoded, part);
      return;
    }
    const recordAt = eventRecords(record, decoded);
    const sent = { old: nothingSent(), new: nothingSent() };
    for (let index = 0; index < decoded.messages.length; index++) {
      const event = recordAt(index);
      takeEvent(event, decodeRecord(event, decode), part, sent);
    }
  }

  function takeEvent(record: SourceRecord, decoded: Decoded, part?: RecordPart, sent?: SentOfSides): void {
    if (decoded.kind === 'undecodable') undecodable += 1;
    else events += 1;
    const now = timeOf(record, decoded);
    const isUnwanted = (key: string) => part?.key !== undefined && part.key !== key && key !== subscriptionKey();
    const scope: ReplayScope | undefined = part && { entries: () => part.entries, isCovered: () => false };
    const terms = { decode, decoded, ...(scope !== undefined && { scope }) };
    const decisionsOf = (side: 'old' | 'new') => {
      const { decisions } = planRecord(record, options[side], terms, now, isUnwanted, sent?.[side]);
      return decisions.length === 0 ? none : decisions.filter((each) => isOf(each, part));
    };
    const before = decisionsOf('old');
    const after = decisionsOf('new');
    for (const decision of before) compareKey(decision.key, decision, ofKey(after, decision.key));
    for (const decision of after) {
      if (ofKey(before, decision.key) === undefined) compareKey(decision.key, undefined, decision);
    }
    if (before.some(changes) || after.some(changes)) {
      members.take({ old: before.flatMap(updatesOf), new: after.flatMap(updatesOf) });
    }
  }

  function compareKey(key: string, before?: SubscriptionDecision, after?: SubscriptionDecision): void {
    const diff = diffs.get(key);
    if (diff !== undefined) compare(diff, before, after);
  }

  function compare(diff: SubscriptionDiff, before?: SubscriptionDecision, after?: SubscriptionDecision): void {
    const [oldSent, newSent] = [sentOf(before), sentOf(after)];
    countDecision(diff.old, before, oldSent);
    // One text in both: read once.
    if (oldSent !== undefined && oldSent.text === newSent?.text) newSent.parsed = oldSent.parsed;
    countDecision(diff.new, after, newSent);
    countDuplicates(diff, identityOf(before), identityOf(after));
    if (oldSent === undefined && newSent !== undefined) diff.gained += 1;
    if (oldSent !== undefined && newSent === undefined) diff.lost += 1;
    const [oldCode, newCode] = [codeOf(before), codeOf(after)];
    if (newCode !== undefined && newCode !== oldCode) count(diff.deadLettersAppear, newCode);
    if (oldCode !== undefined && newCode !== oldCode) count(diff.deadLettersGo, oldCode);
    if (oldSent === undefined || newSent === undefined || isSame(oldSent, newSent)) return;
    if (countFieldChanges(diff, newSent.eventId, comparableOf(oldSent), comparableOf(newSent))) diff.changed += 1;
  }

  function countDuplicates(diff: SubscriptionDiff, before: string | undefined, after: string | undefined): void {
    if (before === after) {
      if (before !== undefined) countDuplicate(diff, before, both);
      return;
    }
    if (before !== undefined) countDuplicate(diff, before, inOld);
    if (after !== undefined) countDuplicate(diff, after, inNew);
  }

  function countDuplicate(diff: SubscriptionDiff, identity: string, sides: number): void {
    const seen = remembered.update(hashOf(identity), (bits) => bits | sides);
    if (seen === undefined) notRemembered += 1;
    else {
      if ((seen & sides & inOld) !== 0) diff.old.duplicates += 1;
      if ((seen & sides & inNew) !== 0) diff.new.duplicates += 1;
    }
  }

  return {
    take,
    result: () => ({
      ...{ records, events, undecodable, notRemembered, ofOthers },
      subscriptions: [...diffs.values()],
      ...members.result(),
    }),
  };
}

/** Who has sent an event, in bits. */
const inOld = 1;
const inNew = 2;
const both = inOld | inNew;

interface SentOfSides {
  readonly old: SentByRecord;
  readonly new: SentByRecord;
}

/** For the many events that no trigger selects. */
const none: readonly SubscriptionDecision[] = [];

function isOf(decision: Decision, part: RecordPart | undefined): decision is SubscriptionDecision {
  return 'subscription' in decision && (part?.key === undefined || part.key === decision.key);
}

/** Of the few decisions about one event. */
function ofKey(decisions: readonly SubscriptionDecision[], key: string): SubscriptionDecision | undefined {
  for (const decision of decisions) if (decision.key === key) return decision;
  return undefined;
}

function changes({ kind }: SubscriptionDecision): boolean {
  return kind === 'change';
}

/** When the event happened, as an action that maps no time reads it. */
function timeOf(record: SourceRecord, decoded: Decoded): number {
  const stated = decoded.kind === 'event' ? statedTime(undefined, decoded.event) : undefined;
  return stated?.millis ?? record.timestamp;
}
