import type { Link, SpanContext } from '@opentelemetry/api';
import type { HeaderValue, RecordHeaders, SourceRecord } from '../core/record.ts';

/** Of W3C Trace Context, version 00; later versions may have more behind it. */
const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const longestHeader = 256;
const noTrace = /^0+$/;

/** The span that a record was produced in; undefined: nobody has said, or not in a way that can be read. */
function spanContextOf(headers: RecordHeaders | undefined): SpanContext | undefined {
  const text = textOf(headers?.['traceparent']);
  const [, version, traceId, spanId, flags, more] = (text !== undefined && shape.exec(text)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (noTrace.test(traceId) || noTrace.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}

/** A repeated header says nothing for sure, and a longer one is none. */
function textOf(value: HeaderValue | readonly HeaderValue[]): string | undefined {
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) return undefined;
  return value.length > longestHeader ? undefined : value.toString('utf8');
}

/** As many as an SDK keeps by default (OpenTelemetry: span limits). */
const mostLinks = 128;

export interface RecordLinks {
  /** To the spans that the records were produced in, each once. */
  readonly links: readonly Link[];
  /** Spans that there was no more room for. */
  readonly leftOut: number;
}

export function linksTo(records: Iterable<Pick<SourceRecord, 'headers'>>): RecordLinks {
  const contexts = new Map<string, SpanContext>();
  for (const { headers } of records) {
    const context = spanContextOf(headers);
    if (context !== undefined) contexts.set(`${context.traceId}${context.spanId}`, context);
  }
  const links = [...contexts.values()].slice(0, mostLinks).map((context) => ({ context }));
  return { links, leftOut: contexts.size - links.length };
}
