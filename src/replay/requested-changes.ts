import type { AudienceChange, AudienceTarget } from '../core/audience.ts';
import type { DeadLetter } from '../core/dead-letter.ts';
import type { Clock } from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination, Subscription } from '../core/subscription.ts';
import type { AudienceWork } from '../pipeline/route/audience-work.ts';
import type { DecodeOptions } from '../pipeline/route/decode.ts';
import { origins } from '../pipeline/route/delivery-origins.ts';
import { partOf } from '../core/subscription-key.ts';
import { unheldRecord } from '../pipeline/partition/in-flight-record.ts';
import { type Router, router } from '../pipeline/route/router.ts';

export interface AudienceAsksOptions {
  readonly destinations: readonly Destination[];
  readonly decode: DecodeOptions;
  readonly clock: Clock;
}

interface AskedChange {
  readonly target: AudienceTarget;
  readonly change: AudienceChange;
}

/** What records ask of audiences, under the mappings of now. What is skipped or refused asks for nothing. */
export interface AudienceAsks {
  ofRecord(record: SourceRecord): readonly AskedChange[];
  /** Of the letter's subscription and entries. `complete`: nothing of it is refused. */
  ofLetter(letter: DeadLetter): { readonly changes: readonly AskedChange[]; readonly complete: boolean };
}

export function audienceAsks({ destinations, decode, clock }: AudienceAsksOptions): AudienceAsks {
  const ofAudiences = destinations.flatMap((destination) => onlyAudiences(destination));
  const nothing = () => undefined;
  let works: AudienceWork[] = [];
  let refused = 0;
  let entries: string | undefined;
  const routing: Router = router({
    destinations: () => ofAudiences,
    origins: origins(),
    decode,
    clock,
    telemetry: { emit: nothing },
    tally: { matched: nothing, skipped: nothing, delivered: nothing, flush: nothing },
    narrowing: { entries: () => entries, isCovered: () => false },
    deliver: nothing,
    changeAudiences: (work) => void works.push(work),
    setAside() {
      refused += 1;
    },
  });

  function ask(record: SourceRecord, isDone: (part: string) => boolean): readonly AskedChange[] {
    works = [];
    refused = 0;
    const pending = unheldRecord(record);
    routing.route(record, () => pending, isDone);
    return works.flatMap(({ updates }) =>
      updates.flatMap(({ target, changes }) => changes.map((change) => ({ target, change }))),
    );
  }

  return {
    ofRecord(record) {
      entries = undefined;
      return ask(record, () => false);
    },
    ofLetter({ record, failure, destination, subscription }) {
      entries = failure.entries;
      const part = subscription === undefined ? undefined : partOf(destination, subscription);
      const changes = ask(record, (one) => part !== undefined && one !== part);
      return { changes, complete: refused === 0 && works.every((work) => work.failure === undefined) };
    },
  };
}

const isAudience = ({ action }: Subscription) => action.definition.audience === true;

/** The destination with those of its subscriptions only, so that nothing else is prepared for nothing. */
function onlyAudiences(destination: Destination): readonly Destination[] {
  const subscriptions = destination.subscriptions.filter(isAudience);
  if (subscriptions.length === 0) return [];
  return [{ ...destination, subscriptions, candidates: (event) => destination.candidates(event).filter(isAudience) }];
}
