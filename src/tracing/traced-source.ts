import { type Attributes, SpanKind, type Tracer } from '@opentelemetry/api';
import type { RecordBatch, Source } from '../core/source.ts';
import { leftOutAttribute, type TracedProcess } from './attributes.ts';
import { linksTo } from './traceparent.ts';

/** A source with a span for each batch that it hands over: `poll TOPIC`, for as long as it is decoded and routed. */
export function tracedSource(source: Source, tracer: Tracer, of: TracedProcess): Source {
  return {
    ...source,
    start: (handlers) =>
      source.start({
        ...handlers,
        batch(batch) {
          const { links, leftOut } = linksTo(batch.records);
          const attributes = { ...attributesOf(batch, of), ...leftOutAttribute(leftOut) };
          const name = `poll ${batch.topic}`;
          const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes, links: [...links], root: true });
          try {
            handlers.batch(batch);
          } finally {
            span.end();
          }
        },
      }),
  };
}

/** OpenTelemetry: semantic conventions for messaging spans, and for Kafka. */
function attributesOf({ topic, partition, records }: RecordBatch, { system, group }: TracedProcess): Attributes {
  const [first] = records;
  return {
    ...(system !== undefined && { 'messaging.system': system }),
    'messaging.operation.name': 'poll',
    'messaging.operation.type': 'receive',
    'messaging.destination.name': topic,
    'messaging.destination.partition.id': String(partition),
    'messaging.batch.message_count': records.length,
    ...(group !== undefined && { 'messaging.consumer.group.name': group }),
    ...(system === 'kafka' && first !== undefined && { 'messaging.kafka.offset': first.offset }),
  };
}
