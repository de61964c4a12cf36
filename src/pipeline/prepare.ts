import type { ActionResult, Warning } from '../core/action.ts';
import { ConnectorError } from '../core/errors.ts';
import type { AnalyticsEvent } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination, Subscription } from '../core/subscription.ts';

/** What one subscription makes of one event, before anything is sent. */
export type Prepared =
  | ReadyDelivery
  | { readonly kind: 'rejected'; readonly failure: Failure; readonly warnings: readonly Warning[] }
  | { readonly kind: 'skipped'; readonly reason: string; readonly warnings: readonly Warning[] };

export interface ReadyDelivery {
  readonly kind: 'ready';
  /** JSON text of the event as it is sent. */
  readonly body: string;
  readonly bytes: number;
  readonly eventId: string;
  readonly eventName: string;
  readonly testEventCode?: string;
  readonly expiresAt: number;
  readonly warnings: readonly Warning[];
}

/**
 * Mapping → fields → validation → payload → text. Does no I/O and throws only for a bug; whatever is wrong with the
 * event ends in `rejected`. Sources of the rules: the action's definition and `toPayload`.
 */
export function prepare(
  destination: Destination,
  subscription: Subscription,
  event: AnalyticsEvent,
  record: SourceRecord,
  now: number,
): Prepared {
  try {
    return prepareUnguarded(destination, subscription, event, record, now);
  } catch (error) {
    // A mapping that exceeds its limits, or an event so strange that our own code fails on it: one event, one letter.
    const code = error instanceof ConnectorError ? error.code : 'PREPARE_FAILED';
    const message =
      error instanceof ConnectorError ? error.message : `the event could not be prepared (${nameOf(error)})`;
    return { kind: 'rejected', failure: { code, message }, warnings: [] };
  }
}

function prepareUnguarded(
  destination: Destination,
  subscription: Subscription,
  event: AnalyticsEvent,
  record: SourceRecord,
  now: number,
): Prepared {
  if (subscription.consents !== undefined && !subscription.consents(event)) {
    return { kind: 'skipped', reason: 'consent', warnings: [] };
  }
  const { action } = subscription;
  const parsed = action.parse(subscription.resolve(event));
  const warnings: Warning[] = [...parsed.warnings];
  if (parsed.failure !== undefined) return { kind: 'rejected', failure: parsed.failure, warnings };
  const result = action.toPayload(parsed.fields, {
    event,
    record,
    settings: destination.settings,
    explicitCustomData: subscription.explicitCustomData,
    now,
    warn: (warning) => warnings.push(warning),
  });
  return finished(destination, result, warnings);
}

function finished(destination: Destination, result: ActionResult, warnings: readonly Warning[]): Prepared {
  if (result.kind !== 'conversion') return { ...result, warnings };
  const body = JSON.stringify(result.event);
  const bytes = Buffer.byteLength(body);
  const { maxBytes } = destination.settings.batch;
  if (bytes > maxBytes) {
    const message = `the event has ${bytes} bytes as Meta would get it, the limit is ${maxBytes}`;
    return {
      kind: 'rejected',
      failure: { code: 'EVENT_TOO_LARGE', message, fix: 'map less into it, or raise batch.max_bytes' },
      warnings,
    };
  }
  const testEventCode = result.testEventCode ?? destination.settings.testEventCode;
  return {
    kind: 'ready',
    body,
    bytes,
    eventId: result.event.event_id,
    eventName: result.event.event_name,
    ...(testEventCode !== undefined && { testEventCode }),
    expiresAt: result.expiresAt,
    warnings,
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown error';
}
