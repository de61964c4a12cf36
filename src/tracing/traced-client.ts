import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { GraphCall, GraphClient } from '../meta/graph-client.ts';
import type { GraphReply } from '../meta/graph-reply.ts';

/** A client with a span for each request, named by its method. Nothing of a span goes to Meta. */
export function tracedClient(client: GraphClient, tracer: Tracer, graphUrl: string): GraphClient {
  const server = new URL(graphUrl);
  return {
    ...client,
    async request(call) {
      const span = tracer.startSpan(call.method, { kind: SpanKind.CLIENT, attributes: attributesOf(call, server) });
      try {
        const reply = await client.request(call);
        reportReply(span, reply);
        return reply;
      } finally {
        span.end();
      }
    },
  };
}

/** OpenTelemetry: semantic conventions for HTTP client spans. */
function attributesOf(
  { method, path, body }: GraphCall,
  { origin, pathname, protocol, hostname, port }: URL,
): Attributes {
  // A query may hold a name that came with an event.
  const [withoutQuery = ''] = path.split('?', 1);
  return {
    'http.request.method': method,
    'url.full': `${origin}${pathname.replace(/\/+$/, '')}${withoutQuery}`,
    'server.address': hostname,
    'server.port': Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port),
    ...(body !== undefined && { 'http.request.body.size': body.length }),
  };
}

function reportReply(span: Span, reply: GraphReply): void {
  if (reply.kind === 'answered') span.setAttribute('http.response.status_code', reply.status);
  const error = errorOf(reply);
  if (error === undefined) return;
  span.setAttribute('error.type', error);
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function errorOf(reply: GraphReply): string | undefined {
  if (reply.kind === 'failed') return reply.reason;
  return reply.status >= 400 ? String(reply.status) : undefined;
}
