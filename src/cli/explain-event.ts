import type { Warning } from '../core/action.ts';
import type { AnalyticsEvent } from '../core/event.ts';
import { own } from '../core/json.ts';
import type { Failure } from '../core/outcome.ts';
import type { SourceRecord } from '../core/record.ts';
import type { Destination, Subscription } from '../core/subscription.ts';
import { conversionsRequest } from '../meta/conversions-request.ts';
import { type DecodeOptions, decode } from '../pipeline/decode.ts';
import { integrationsAllow } from '../pipeline/integrations.ts';
import { type Prepared, prepare } from '../pipeline/prepare.ts';
import { isRepeated, repeated, type SentByRecord } from '../pipeline/repeated.ts';

/** What `explain` says of one event: one line of JSON. */
export interface Explanation {
  readonly event: {
    readonly index: number;
    readonly type?: string;
    readonly event?: unknown;
    readonly messageId?: unknown;
  };
  /** The record is no event; nothing else is said of it then. */
  readonly error?: ExplainedError;
  readonly deliveries: readonly ExplainedDelivery[];
  readonly skipped: readonly ExplainedSkip[];
}

export interface ExplainedDelivery {
  readonly destination: string;
  readonly subscription: string;
  readonly action: string;
  readonly status: 'ready' | 'rejected';
  /** What would be sent, byte for byte, tokens aside. */
  readonly request?: { readonly method: string; readonly path: string; readonly body: unknown };
  readonly error?: ExplainedError;
  readonly warnings: readonly Warning[];
}

export interface ExplainedSkip {
  readonly destination: string;
  readonly subscription: string;
  readonly reason: string;
}

type ExplainedError = Pick<Failure, 'code' | 'message' | 'field' | 'fix'>;

export interface ExplainOptions {
  readonly destinations: readonly Destination[];
  readonly decode: DecodeOptions;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Takes one record through everything but the sending. */
export function explainEvent(record: SourceRecord, index: number, options: ExplainOptions): Explanation {
  const decoded = decode(record.value, options.decode);
  if (decoded.kind === 'undecodable') return { event: { index }, error: decoded.failure, deliveries: [], skipped: [] };
  if (decoded.kind === 'skipped') {
    const skipped = [{ destination: '', subscription: '', reason: decoded.reason }];
    return { event: { index }, deliveries: [], skipped };
  }
  const { event } = decoded;
  const deliveries: ExplainedDelivery[] = [];
  const skipped: ExplainedSkip[] = [];
  const sent: SentByRecord = new Set();
  for (const destination of options.destinations) {
    const allowed = integrationsAllow(destination, event);
    for (const subscription of destination.subscriptions) {
      const skip = (reason: string) =>
        skipped.push({ destination: destination.name, subscription: subscription.id, reason });
      if (!subscription.matches(event)) skip('trigger');
      else if (!allowed) skip('integrations');
      else {
        const prepared = prepare(destination, subscription, event, record, options.now);
        if (prepared.kind === 'skipped') skip(prepared.reason);
        else deliveries.push(explained(destination, subscription, prepared, sent));
      }
    }
  }
  return { event: { index, ...outline(event) }, deliveries, skipped };
}

function outline(event: AnalyticsEvent) {
  const name = own(event, 'event');
  const messageId = own(event, 'messageId');
  return {
    type: event.type,
    ...(name !== undefined && { event: name }),
    ...(messageId !== undefined && { messageId }),
  };
}

function explained(
  destination: Destination,
  subscription: Subscription,
  prepared: Exclude<Prepared, { kind: 'skipped' }>,
  sent: SentByRecord,
): ExplainedDelivery {
  const names = { destination: destination.name, subscription: subscription.id, action: subscription.action.key };
  const { warnings } = prepared;
  if (prepared.kind === 'ready' && isRepeated(sent, destination, prepared)) {
    return { ...names, status: 'rejected', error: repeated, warnings };
  }
  if (prepared.kind === 'rejected') return { ...names, status: 'rejected', error: prepared.failure, warnings };
  const request = conversionsRequest(
    destination.settings,
    [prepared.body],
    prepared.testEventCode === undefined ? {} : { testEventCode: prepared.testEventCode },
  );
  const { method, path } = request;
  const body: unknown = JSON.parse(request.body.toString('utf8'));
  return { ...names, status: 'ready', request: { method, path, body }, warnings };
}
