import type { DeadLetter, Delivery, PendingRecord } from '../core/delivery.ts';
import type { AnalyticsEvent } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import type { Clock, Telemetry } from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination, Subscription } from '../core/subscription.ts';
import type { AudienceWork } from './audience/audiences.ts';
import { type DecodeOptions, decode } from './decode.ts';
import { integrationsAllow } from './integrations.ts';
import { partOf } from './part.ts';
import { type Prepared, prepare, type ReadyDelivery } from './prepare.ts';
import { isRepeated, repeated, type SentByRecord } from './repeated.ts';
import type { Tally } from './tally.ts';

export interface RouterOptions {
  readonly destinations: readonly Destination[];
  readonly decode: DecodeOptions;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly tally: Tally;
  deliver(destination: Destination, delivery: Delivery): void;
  /** Changes of audiences; the record is held once for all of them. */
  changeAudiences(work: AudienceWork): void;
  setAside(letter: DeadLetter, pending: PendingRecord): void;
}

/**
 * Takes one record to its ends: deliveries, dead letters, or nothing. `pend` makes the record a pending one, and is
 * called only when something is to be kept, so that records that match nothing cost no copy.
 */
export interface Router {
  route(record: SourceRecord, pend: () => PendingRecord, isDone: IsDone): void;
}

/** Whether an earlier process has brought this part of the record to its end. */
export type IsDone = (part: string) => boolean;

export function router(options: RouterOptions): Router {
  const { clock, telemetry, tally } = options;

  function letter(
    pending: PendingRecord,
    failure: Failure,
    of?: { destination: Destination; subscription: Subscription },
  ) {
    pending.hold(partOf(of?.destination.name, of?.subscription.id));
    const origin =
      of === undefined
        ? {}
        : {
            destination: of.destination.name,
            subscription: of.subscription.id,
            action: of.subscription.action.key,
          };
    options.setAside({ record: pending.record, failure, ...origin, attempts: 0, at: clock.now() }, pending);
  }

  function end(
    destination: Destination,
    subscription: Subscription,
    prepared: Prepared,
    { pend, isDone, seen }: Routing,
  ): void {
    const names = { destination: destination.name, subscription: subscription.id };
    for (const { code, field } of prepared.warnings) {
      telemetry.emit({ kind: 'warned', ...names, code, ...(field !== undefined && { field }) });
    }
    const { identifiers: statuses } = prepared;
    if (statuses !== undefined) telemetry.emit({ kind: 'identified', ...names, statuses });
    if (prepared.kind === 'skipped') {
      tally.skipped({ ...names, reason: prepared.reason });
      return;
    }
    const failure = failureOf(prepared, destination, seen);
    const part = partOf(destination.name, subscription.id);
    if (isDone(part)) tally.skipped({ ...names, reason: 'already_done' });
    else if (failure !== undefined) letter(pend(), failure, { destination, subscription });
    else if (prepared.kind === 'ready') {
      const pending = pend();
      pending.hold(part);
      options.deliver(destination, deliveryOf(destination, subscription, prepared, pending));
    } else if (prepared.kind === 'audience') {
      const pending = pend();
      pending.hold(part);
      const { updates, failure: ofEntries } = prepared;
      const entries = ofEntries === undefined ? {} : { failure: ofEntries };
      options.changeAudiences({ destination, subscription, updates, ...entries, pending });
    }
  }

  function routeEvent(event: AnalyticsEvent, record: SourceRecord, routing: Routing): void {
    const now = clock.now();
    for (const destination of options.destinations) {
      const candidates = destination.candidates(event);
      if (candidates.length === 0) continue;
      const allowed = integrationsAllow(destination, event);
      for (const subscription of candidates) {
        if (!subscription.matches(event)) continue;
        const names = { destination: destination.name, subscription: subscription.id };
        const barred = allowed ? undefined : 'integrations';
        if (barred !== undefined && subscription.action.definition.audience !== true) {
          tally.skipped({ ...names, reason: barred });
          continue;
        }
        tally.matched({ ...names, action: subscription.action.key });
        end(destination, subscription, prepare(destination, subscription, event, record, now, barred), routing);
      }
    }
  }

  return {
    route(record, pend, isDone) {
      const decoded = decode(record.value, options.decode);
      if (decoded.kind === 'event') routeEvent(decoded.event, record, { pend, isDone, seen: new Set() });
      else if (decoded.kind === 'skipped') {
        tally.skipped({ destination: '', subscription: '', reason: decoded.reason });
      } else if (!isDone(partOf())) letter(pend(), decoded.failure);
    },
  };
}

/** What one record is on its way with. */
interface Routing {
  readonly pend: () => PendingRecord;
  readonly isDone: IsDone;
  readonly seen: SentByRecord;
}

function failureOf(
  prepared: Exclude<Prepared, { kind: 'skipped' }>,
  destination: Destination,
  seen: SentByRecord,
): Failure | undefined {
  if (prepared.kind === 'rejected') return prepared.failure;
  return prepared.kind === 'ready' && isRepeated(seen, destination, prepared) ? repeated : undefined;
}

function deliveryOf(
  destination: Destination,
  subscription: Subscription,
  ready: ReadyDelivery,
  pending: PendingRecord,
): Delivery {
  const { testEventCode } = ready;
  return {
    destination: destination.name,
    subscription: subscription.id,
    action: subscription.action.key,
    batchKey: testEventCode ?? '',
    body: ready.body,
    bytes: ready.bytes,
    eventId: ready.eventId,
    eventName: ready.eventName,
    expiresAt: ready.expiresAt,
    ...(testEventCode !== undefined && { testEventCode }),
    pending,
  };
}
