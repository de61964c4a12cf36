import { ProxyTracerProvider, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import type { Source } from '../core/source.ts';
import type { FinalSink } from '../core/delivery.ts';
import type { GraphClient } from '../meta/graph-client.ts';
import type { TracedProcess } from './attributes.ts';
import { tracedClient } from './traced-client.ts';
import { tracedSink } from './traced-sink.ts';
import { tracedSource } from './traced-source.ts';

/** Makes spans of polls, batches and requests by wrapping what does them. */
export interface Tracing {
  source(source: Source): Source;
  sink<S extends FinalSink>(sink: S, lane: string, destination: string): S;
  client(client: GraphClient): GraphClient;
}

/** Nothing is wrapped, so that who has no SDK pays nothing. */
const untraced: Tracing = { source: (source) => source, sink: (sink) => sink, client: (client) => client };

/** @param provider The global one by default: that of an SDK, if one was loaded before (`--import`). */
export function createTracing(
  of: TracedProcess,
  version: string,
  provider: TracerProvider = trace.getTracerProvider(),
): Tracing {
  const tracer = tracerOf(provider, version);
  if (tracer === undefined) return untraced;
  return {
    source: (source) => tracedSource(source, tracer, of),
    sink: (sink, lane, destination) => ({ ...sink, ...tracedSink(sink, tracer, { ...of, lane, destination }) }),
    client: (client) => tracedClient(client, tracer, of.graphUrl),
  };
}

/** Undefined: nobody has registered a provider, and the API's own does nothing. */
function tracerOf(provider: TracerProvider, version: string): Tracer | undefined {
  const name = 'meta-actions';
  return provider instanceof ProxyTracerProvider
    ? provider.getDelegateTracer(name, version)
    : provider.getTracer(name, version);
}
