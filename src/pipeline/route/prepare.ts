import type { Action, ActionResult, Warning } from '../../core/action.ts';
import { appended } from '../../core/appended.ts';
import type { AudienceUpdate } from '../../core/audience.ts';
import { maxMembersOfObject } from '../../core/bounded-json.ts';
import { bugOf } from '../../core/bug.ts';
import { bytesOf } from '../../core/encoded-body.ts';
import { ConnectorError } from '../../core/errors.ts';
import type { AnalyticsEvent } from '../../core/event.ts';
import type { IdentifierStatuses } from '../../core/identifiers.ts';
import type { Failure } from '../../core/outcome.ts';
import type { SourceRecord } from '../../core/record.ts';
import type { Destination, Subscription } from '../../core/subscription.ts';

/** What one subscription makes of one event, before anything is sent. */
export type Prepared =
  | ReadyDelivery
  | ReadyAudience
  | ({ readonly kind: 'rejected'; readonly failure: Failure } & Findings)
  | ({ readonly kind: 'skipped'; readonly reason: string } & Findings);

/** What was found on the way, however it ended. */
export interface Findings {
  readonly warnings: readonly Warning[];
  /** Of each person of the event; empty when it ended before its identifiers were read. */
  readonly identifiers: readonly IdentifierStatuses[];
}

export interface ReadyAudience extends Findings {
  readonly kind: 'audience';
  readonly updates: readonly AudienceUpdate[];
  /** Entries of a list that can't be used; the others go. */
  readonly failure?: Failure;
}

export interface ReadyDelivery extends Findings {
  readonly kind: 'ready';
  /** JSON text of the event as it is sent. */
  readonly body: string;
  readonly bytes: number;
  readonly eventId: string;
  readonly eventName: string;
  readonly testEventCode: string | undefined;
  readonly uploadTag: string | undefined;
  readonly expiresAt: number;
}

/** What is wanted of an event. */
export interface Wanted {
  /** Why the event may not be used (`integrations`): only removals from audiences go. */
  readonly barred?: string | undefined;
  /** Of a list of users: whether an entry is wanted; absent: all are. */
  readonly wantsEntry?: ((entry: string) => boolean) | undefined;
  /** Members of the event were not read. */
  readonly cut?: boolean;
}

/**
 * Mapping → fields → validation → payload → text. Does no I/O and never throws: whatever is wrong with the
 * event ends in `rejected`, and so does a bug of ours (`BUG`). Sources of the rules: the action's definition and `toPayload`.
 */
export function prepare(
  destination: Destination,
  subscription: Subscription,
  event: AnalyticsEvent,
  record: SourceRecord,
  now: number,
  wanted: Wanted = {},
): Prepared {
  try {
    return prepareUnguarded(destination, subscription, event, record, now, wanted);
  } catch (error) {
    // A mapping that exceeds its limits, or an event so strange that our own code fails on it: one event, one dead letter.
    const failure = error instanceof ConnectorError ? { code: error.code, message: error.message } : bugOf(error);
    return { kind: 'rejected', failure, warnings: [], identifiers: [] };
  }
}

function prepareUnguarded(
  destination: Destination,
  subscription: Subscription,
  event: AnalyticsEvent,
  record: SourceRecord,
  now: number,
  { barred: barredBy, wantsEntry, cut = false }: Wanted,
): Prepared {
  const { action } = subscription;
  const consents = subscription.consents === undefined || subscription.consents(event);
  const barred = barredBy ?? (consents ? undefined : 'consent');
  if (barred !== undefined && action.definition.audience !== true) {
    return { kind: 'skipped', reason: barred, warnings: [], identifiers: [] };
  }
  const parsed = subscription.fields(event);
  const lost = parsed.warnings.length === 0 ? undefined : lostOf(parsed.warnings, action);
  const warnings = cut ? withUnread(parsed.warnings) : parsed.warnings;
  if (parsed.failure !== undefined) return { kind: 'rejected', failure: parsed.failure, warnings, identifiers: [] };
  const found: { identifiers?: IdentifierStatuses[] } = {};
  const result = action.toPayload(parsed.fields, {
    event,
    record,
    settings: destination.settings,
    fixedFields: subscription.fixedFields,
    mapped: subscription.mapped,
    inTheClear: subscription.inTheClear,
    now,
    ownTrigger: subscription.trigger !== action.definition.defaultTrigger,
    wantsEntry,
    additionsBarred: barred,
    warn: (warning) => warnings.push(warning),
    identified(statuses) {
      found.identifiers = appended(found.identifiers, lost === undefined ? statuses : { ...lost, ...statuses });
    },
  });
  return finished(destination, result, warnings, found.identifiers ?? []);
}

const unread = `Of an object of the event only the first ${maxMembersOfObject} members were read.`;

/** One warning says it, that of a field which was left out for its size where there is one. */
function withUnread(warnings: readonly Warning[]): Warning[] {
  const at = warnings.findIndex(({ code }) => code === 'FIELD_TOO_LARGE');
  if (at < 0) return [...warnings, { code: 'MEMBERS_UNREAD', message: unread }];
  return warnings.map((warning, index) =>
    index === at ? { ...warning, message: `${warning.message} ${unread}` } : warning,
  );
}

/** Identifiers of a wrong type were left out before the action saw them: unusable all the same. */
function lostOf(warnings: readonly Warning[], action: Action): IdentifierStatuses {
  const lost = warnings.flatMap(({ field = '' }) => (action.definition.fields[field]?.identifier ? [field] : []));
  return Object.fromEntries(lost.map((field) => [field, 'unusable' as const]));
}

function finished(
  destination: Destination,
  result: ActionResult,
  warnings: readonly Warning[],
  identifiers: readonly IdentifierStatuses[],
): Prepared {
  if (result.kind === 'rejected') {
    return { kind: 'rejected', failure: withCause(result.failure, warnings), warnings, identifiers };
  }
  if (result.kind !== 'conversion') return { ...result, warnings, identifiers };
  const { event, uploadTag, expiresAt } = result;
  const body = JSON.stringify(event);
  const bytes = bytesOf(body);
  const { maxBytes } = destination.settings.batch;
  if (bytes > maxBytes) {
    const message = `the event has ${bytes} bytes as Meta would get it, the limit is ${maxBytes}`;
    const failure = { code: 'EVENT_TOO_LARGE', message, fix: 'map less into it, or raise batch.max_bytes' };
    return { kind: 'rejected', failure, warnings, identifiers };
  }
  const testEventCode = result.testEventCode ?? destination.settings.testEventCode;
  const { event_id: eventId, event_name: eventName } = event;
  return {
    kind: 'ready',
    body,
    bytes,
    eventId,
    eventName,
    testEventCode,
    uploadTag,
    expiresAt,
    warnings,
    identifiers,
  };
}

/** A field that is missed because what the event had was left out: the dead letter says so, too. */
function withCause(failure: Failure, warnings: readonly Warning[]): Failure {
  const cause =
    failure.field && warnings.find(({ code, field }) => code === 'FIELD_UNUSABLE' && field === failure.field);
  return cause ? { ...failure, message: `${failure.message} ${cause.message}` } : failure;
}
