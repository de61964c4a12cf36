import type { AudienceChange, AudienceTarget, AudienceUpdate } from '../../core/audience.ts';
import type { DeadLetter, Delivery, PendingRecord } from '../../core/delivery.ts';
import type { AnalyticsEvent } from '../../core/event.ts';
import { entriesOf } from '../../core/entry-ranges.ts';
import type { Failure } from '../../core/outcome.ts';
import type { Clock, Telemetry } from '../../core/ports.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { Destination, Subscription } from '../../core/subscription.ts';
import type { AudienceWork } from './audience-work.ts';
import { type DecodeOptions, decode } from './decode.ts';
import { integrationsAllow } from './integrations.ts';
import type { Origins } from './delivery-origins.ts';
import { partOf } from '../../core/subscription-key.ts';
import { type Prepared, prepare, type ReadyDelivery } from './prepare.ts';
import { isRepeated, repeated, type SentByRecord } from './duplicate-event.ts';
import type { Tally } from './event-counts.ts';

export interface RouterOptions {
  /** As they are configured now. */
  destinations(): readonly Destination[];
  readonly origins: Origins;
  readonly decode: DecodeOptions;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly tally: Tally;
  readonly narrowing?: Narrowing;
  deliver(destination: Destination, delivery: Delivery): void;
  /** Changes of audiences; the record is held once for all of them. */
  changeAudiences(work: AudienceWork): void;
  setAside(letter: DeadLetter, pending: PendingRecord): void;
}

/** What is asked for of a record that comes back. */
export interface Narrowing {
  /** Of an event with lists of users: these entries only (`entriesText`); undefined: all. */
  entries(record: SourceRecord): string | undefined;
  /** A newer change covers this one. */
  isCovered(record: SourceRecord, target: AudienceTarget, change: AudienceChange): boolean;
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
    { record, pend, isDone, seen }: Routing,
  ): void {
    const names = { destination: destination.name, subscription: subscription.id };
    for (const { code, field } of prepared.warnings) {
      telemetry.emit({ kind: 'warned', ...names, code, ...(field !== undefined && { field }) });
    }
    const audience = subscription.action.definition.audience === true;
    for (const statuses of prepared.identifiers) telemetry.emit({ kind: 'identified', ...names, audience, statuses });
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
      const origin = options.origins.of(destination.name, subscription.id);
      options.deliver(destination, deliveryOf(destination, subscription, prepared, { origin, pending }));
    } else if (prepared.kind === 'audience') {
      const { failure: ofEntries } = prepared;
      const updates = uncovered(prepared.updates, record);
      if (updates.length > 0) {
        const pending = pend();
        pending.hold(part);
        const entries = ofEntries === undefined ? {} : { failure: ofEntries };
        const origin = options.origins.of(destination.name, subscription.id);
        options.changeAudiences({ destination, subscription, updates, ...entries, origin, pending });
      } else if (ofEntries === undefined) tally.skipped({ ...names, reason: 'superseded' });
      else letter(pend(), ofEntries, { destination, subscription });
    }
  }

  /** Without the changes that newer ones cover. A session of the user's own is over, and was of the whole list. */
  function uncovered(updates: readonly AudienceUpdate[], record: SourceRecord): readonly AudienceUpdate[] {
    const { narrowing } = options;
    if (narrowing === undefined) return updates;
    return updates.flatMap((update): AudienceUpdate[] => {
      const { target, settings } = update;
      const changes = update.changes.filter((change) => !narrowing.isCovered(record, target, change));
      if (changes.length === 0 && update.changes.length > 0) return [];
      const isWhole = changes.length === update.changes.length && narrowing.entries(record) === undefined;
      return [isWhole ? update : { target, settings, changes }];
    });
  }

  function routeEvent(event: AnalyticsEvent, routing: Routing): void {
    const { record } = routing;
    const now = clock.now();
    const entries = options.narrowing?.entries(record);
    const wantsEntry = entries === undefined ? undefined : entriesOf(entries);
    for (const destination of options.destinations()) {
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
        const prepared = prepare(destination, subscription, event, record, now, { barred, wantsEntry });
        end(destination, subscription, prepared, routing);
      }
    }
  }

  /** Waited in a parking place for a subscription that is gone: nobody else would tell of it. */
  function isOfNobody({ parked }: SourceRecord): boolean {
    if (parked === undefined) return false;
    const destination = options.destinations().find(({ name }) => name === parked.destination);
    return !(destination?.subscriptions.some(({ id }) => id === parked.subscription) ?? false);
  }

  function setAsideRemoved(pending: PendingRecord): void {
    const { destination = '', subscription = '' } = pending.parked ?? {};
    pending.hold(partOf(destination, subscription));
    const letter = { record: pending.record, failure: subscriptionRemoved, destination, subscription };
    options.setAside({ ...letter, attempts: 0, at: clock.now() }, pending);
  }

  return {
    route(record, pend, isDone) {
      if (isOfNobody(record)) {
        setAsideRemoved(pend());
        return;
      }
      const decoded = decode(record.value, options.decode);
      if (decoded.kind === 'event') routeEvent(decoded.event, { record, pend, isDone, seen: [] });
      else if (decoded.kind === 'skipped') {
        tally.skipped({ destination: '', subscription: '', reason: decoded.reason });
      } else if (!isDone(partOf())) letter(pend(), decoded.failure);
    },
  };
}

/** What one record is on its way with. */
interface Routing {
  readonly record: SourceRecord;
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
  { origin, pending }: Required<Pick<Delivery, 'origin' | 'pending'>>,
): Delivery {
  const { testEventCode, uploadTag } = ready;
  const delivery = {
    destination: destination.name,
    subscription: subscription.id,
    action: subscription.action.key,
    batchKey: uploadTag === undefined ? (testEventCode ?? '') : JSON.stringify([testEventCode, uploadTag]),
    body: ready.body,
    bytes: ready.bytes,
    eventId: ready.eventId,
    eventName: ready.eventName,
    expiresAt: ready.expiresAt,
    origin,
    pending,
  };
  if (testEventCode === undefined && uploadTag === undefined) return delivery;
  return {
    ...delivery,
    ...(testEventCode !== undefined && { testEventCode }),
    ...(uploadTag !== undefined && { uploadTag }),
  };
}

const subscriptionRemoved: Failure = {
  code: 'SUBSCRIPTION_REMOVED',
  message: 'The delivery waited for a subscription that the mappings no longer have.',
  fix: 'Give a subscription the old id, then replay.',
};
