import { type Attributes, context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { Delivery, FinalSink } from '../core/delivery.ts';
import type { FinalOutcome } from '../core/outcome.ts';
import { leftOutAttribute, type TracedProcess } from './attributes.ts';
import { linksTo } from './traceparent.ts';

interface TracedLane extends TracedProcess {
  readonly lane: string;
  readonly destination: string;
}

/** A sink with a span for each batch, from its first request to its last outcome; requests are children of it. */
export function tracedSink(sink: FinalSink, tracer: Tracer, of: TracedLane): FinalSink {
  return {
    async send(deliveries, signal, early) {
      const span = startSpan(tracer, deliveries, of);
      try {
        const inSpan = trace.setSpan(context.active(), span);
        const outcomes = await context.with(inSpan, () => sink.send(deliveries, signal, early));
        reportOutcomes(span, outcomes);
        return outcomes;
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        span.setAttribute('error.type', signal.aborted ? 'ABORTED' : 'BUG');
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

function startSpan(tracer: Tracer, deliveries: readonly Delivery[], of: TracedLane): Span {
  const topics = new Set(deliveries.map(({ pending }) => pending.topic));
  const [topic] = topics.size === 1 ? topics : [];
  const { links, leftOut } = linksTo(deliveries.map(({ pending }) => pending.record));
  const attributes = { ...attributesOf(deliveries.length, topic, of), ...leftOutAttribute(leftOut) };
  const name = topic === undefined ? 'process' : `process ${topic}`;
  return tracer.startSpan(name, { kind: SpanKind.CONSUMER, attributes, links: [...links], root: true });
}

/** OpenTelemetry: semantic conventions for messaging spans. */
function attributesOf(count: number, topic: string | undefined, of: TracedLane): Attributes {
  const { system, group, lane, destination } = of;
  return {
    ...(system !== undefined && { 'messaging.system': system }),
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    ...(topic !== undefined && { 'messaging.destination.name': topic }),
    'messaging.batch.message_count': count,
    ...(group !== undefined && { 'messaging.consumer.group.name': group }),
    'meta_actions.destination': destination,
    'meta_actions.lane': lane,
  };
}

function reportOutcomes(span: Span, outcomes: readonly FinalOutcome[]): void {
  const failures = outcomes.flatMap((outcome) => (outcome.kind === 'rejected' ? [outcome.failure] : []));
  span.setAttribute('meta_actions.rejected', failures.length);
  const [first] = failures;
  if (first === undefined) return;
  span.setAttribute('error.type', first.code);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
