import type { AudienceChange, AudienceTarget } from '../core/audience.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import type { Clock } from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination, Subscription } from '../core/subscription.ts';
import type { DecodeOptions } from '../pipeline/route/decode.ts';
import { subscriptionKey } from '../core/subscription-key.ts';
import { type Decision, type IsDone, type PlanOptions, planRecord } from '../pipeline/route/plan.ts';

export interface RequestedChangesOptions {
  readonly destinations: readonly Destination[];
  readonly decode: DecodeOptions;
  readonly clock: Clock;
}

interface RequestedChange {
  readonly target: AudienceTarget;
  readonly change: AudienceChange;
}

/** What records ask of audiences, under the mappings of now. What is skipped or refused asks for nothing. */
export interface RequestedChanges {
  ofRecord(record: SourceRecord): readonly RequestedChange[];
  /** Of the letter's subscription and entries. `complete`: nothing of it is refused. */
  ofDeadLetter(deadLetter: DeadLetter): { readonly changes: readonly RequestedChange[]; readonly complete: boolean };
}

export function createRequestedChanges({ destinations, decode, clock }: RequestedChangesOptions): RequestedChanges {
  const ofAudiences = destinations.flatMap((destination) => onlyAudiences(destination));

  function planned(record: SourceRecord, options: PlanOptions, isDone: IsDone): readonly Decision[] {
    return planRecord(record, ofAudiences, options, clock.now(), isDone).decisions;
  }

  return {
    ofRecord: (record) => planned(record, { decode }, () => false).flatMap(changesOf),
    ofDeadLetter({ record, failure, destination, subscription }) {
      const scope = { entries: () => failure.entries, isCovered: () => false };
      const target = subscription === undefined ? undefined : subscriptionKey(destination, subscription);
      const decisions = planned(record, { decode, scope }, (key) => target !== undefined && key !== target);
      return { changes: decisions.flatMap(changesOf), complete: !decisions.some(isRefused) };
    },
  };
}

function changesOf(decision: Decision): readonly RequestedChange[] {
  if (decision.kind !== 'change') return [];
  return decision.updates.flatMap(({ target, changes }) => changes.map((change) => ({ target, change })));
}

/** All of it, or some of its entries. */
function isRefused(decision: Decision): boolean {
  return 'failure' in decision && decision.failure !== undefined;
}

const isAudience = ({ action }: Subscription) => action.definition.audience === true;

/** The destination with those of its subscriptions only, so that nothing else is prepared for nothing. */
function onlyAudiences(destination: Destination): readonly Destination[] {
  const subscriptions = destination.subscriptions.filter(isAudience);
  if (subscriptions.length === 0) return [];
  return [{ ...destination, subscriptions, candidates: (event) => destination.candidates(event).filter(isAudience) }];
}
