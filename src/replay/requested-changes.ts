import type { AudienceChange, AudienceTarget } from '../core/audience.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import type { Clock } from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import { type Destination, feedsAudiences } from '../core/subscription.ts';
import type { DecodeOptions } from '../pipeline/route/decode.ts';
import { subscriptionKey } from '../core/subscription-key.ts';
import { type Decision, type IsDone, type PlanOptions, planEvents } from '../pipeline/route/plan.ts';

export interface RequestedChangesOptions {
  readonly destinations: readonly Destination[];
  readonly decode: DecodeOptions;
  readonly clock: Clock;
}

interface RequestedChange {
  readonly target: AudienceTarget;
  readonly change: AudienceChange;
  /** Which of the record's events asks for it, from 0. */
  readonly eventIndex: number;
}

/** Which changes of audiences records request by the mappings of now. What is skipped or rejected requests nothing. */
export interface RequestedChanges {
  ofRecord(record: SourceRecord): readonly RequestedChange[];
  /** Of the dead letter's subscription and entries. `complete`: nothing of it is rejected. */
  ofDeadLetter(deadLetter: DeadLetter): { readonly changes: readonly RequestedChange[]; readonly complete: boolean };
}

export function createRequestedChanges({ destinations, decode, clock }: RequestedChangesOptions): RequestedChanges {
  const ofAudiences = destinations.flatMap((destination) => onlyAudiences(destination));

  function planned(record: SourceRecord, options: PlanOptions, isDone: IsDone): readonly Decision[] {
    return [...planEvents(record, ofAudiences, options, clock.now(), isDone)].flatMap(({ decisions }) => decisions);
  }

  return {
    ofRecord: (record) => planned(record, { decode }, () => false).flatMap(changesOf),
    ofDeadLetter({ record, failure, destination, subscription }) {
      const scope = { entries: () => failure.entries, isCovered: () => false };
      const target = subscription === undefined ? undefined : subscriptionKey(destination, subscription);
      const decisions = planned(record, { decode, scope }, (key) => target !== undefined && key !== target);
      return { changes: decisions.flatMap(changesOf), complete: !decisions.some(isRejected) };
    },
  };
}

function changesOf(decision: Decision): readonly RequestedChange[] {
  if (decision.kind !== 'change') return [];
  const { eventIndex } = decision;
  return decision.updates.flatMap(({ target, changes }) => changes.map((change) => ({ target, change, eventIndex })));
}

/** All of it, or some of its entries. */
function isRejected(decision: Decision): boolean {
  return 'failure' in decision && decision.failure !== undefined;
}

/** The destination with those of its subscriptions only, so that nothing else is prepared for nothing. */
function onlyAudiences(destination: Destination): readonly Destination[] {
  const subscriptions = destination.subscriptions.filter(feedsAudiences);
  if (subscriptions.length === 0) return [];
  return [
    { ...destination, subscriptions, candidates: (event) => destination.candidates(event).filter(feedsAudiences) },
  ];
}
