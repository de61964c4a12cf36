import type { DeadLetter, Delivery, PendingRecord } from '../core/delivery.ts';
import type { AnalyticsEvent } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import type { Clock, Telemetry } from '../core/ports.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination, Subscription } from '../core/subscription.ts';
import { type DecodeOptions, decode } from './decode.ts';
import { integrationsAllow } from './integrations.ts';
import { type Prepared, prepare, type ReadyDelivery } from './prepare.ts';
import { isRepeated, repeated, type SentByRecord } from './repeated.ts';

export interface RouterOptions {
  readonly destinations: readonly Destination[];
  readonly decode: DecodeOptions;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  deliver(destination: Destination, delivery: Delivery): void;
  setAside(letter: DeadLetter, pending: PendingRecord): void;
}

/**
 * Takes one record to its ends: deliveries, dead letters, or nothing. `pend` makes the record a pending one, and is
 * called only when something is to be kept, so that records that match nothing cost no copy.
 */
export interface Router {
  route(record: SourceRecord, pend: () => PendingRecord): void;
}

export function router(options: RouterOptions): Router {
  const { clock, telemetry } = options;

  function letter(
    pending: PendingRecord,
    failure: Failure,
    of?: { destination: Destination; subscription: Subscription },
  ) {
    pending.hold();
    const field = failure.field === undefined ? {} : { field: failure.field };
    telemetry.emit({
      kind: 'dead_letter',
      destination: of?.destination.name ?? '',
      subscription: of?.subscription.id ?? '',
      code: failure.code,
      ...field,
    });
    const origin =
      of === undefined
        ? {}
        : {
            destination: of.destination.name,
            subscription: of.subscription.id,
            action: of.subscription.action.key,
          };
    options.setAside({ record: pending.record, failure, ...origin, at: clock.now() }, pending);
  }

  function end(
    destination: Destination,
    subscription: Subscription,
    prepared: Prepared,
    pend: () => PendingRecord,
    seen: SentByRecord,
  ): void {
    const names = { destination: destination.name, subscription: subscription.id };
    for (const { code, field } of prepared.warnings) {
      telemetry.emit({ kind: 'warned', ...names, code, ...(field !== undefined && { field }) });
    }
    if (prepared.kind === 'skipped') {
      telemetry.emit({ kind: 'skipped', ...names, reason: prepared.reason });
      return;
    }
    if (prepared.kind === 'rejected') {
      letter(pend(), prepared.failure, { destination, subscription });
      return;
    }
    if (isRepeated(seen, destination, prepared)) {
      letter(pend(), repeated, { destination, subscription });
      return;
    }
    const pending = pend();
    pending.hold();
    options.deliver(destination, deliveryOf(destination, subscription, prepared, pending));
  }

  function routeEvent(event: AnalyticsEvent, record: SourceRecord, pend: () => PendingRecord): void {
    const now = clock.now();
    const seen: SentByRecord = new Set();
    for (const destination of options.destinations) {
      const candidates = destination.candidates(event);
      if (candidates.length === 0) continue;
      const allowed = integrationsAllow(destination, event);
      for (const subscription of candidates) {
        if (!subscription.matches(event)) continue;
        const names = { destination: destination.name, subscription: subscription.id };
        if (!allowed) {
          telemetry.emit({ kind: 'skipped', ...names, reason: 'integrations' });
          continue;
        }
        telemetry.emit({ kind: 'matched', ...names, action: subscription.action.key });
        end(destination, subscription, prepare(destination, subscription, event, record, now), pend, seen);
      }
    }
  }

  return {
    route(record, pend) {
      const decoded = decode(record.value, options.decode);
      if (decoded.kind === 'event') routeEvent(decoded.event, record, pend);
      else if (decoded.kind === 'undecodable') letter(pend(), decoded.failure);
      else telemetry.emit({ kind: 'skipped', destination: '', subscription: '', reason: decoded.reason });
    },
  };
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
