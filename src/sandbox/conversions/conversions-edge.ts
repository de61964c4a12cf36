import { isObject, type JsonObject } from '../../core/json.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Edge, Judged } from '../graph/edge.ts';
import type { EventStore } from './event-store.ts';
import { type GraphCall, parameter } from '../graph/graph-call.ts';
import { type GraphError, requestError, unsupportedRequest } from '../graph/graph-errors.ts';
import type { SandboxRules } from '../graph/options.ts';
import { validateEvent } from './validate-event.ts';

/** Meta: using the API. */
const maxEvents = 1000;

/** `POST /{version}/{dataset}/events`: the first invalid event refuses the whole request. */
export function conversionsEdge(rules: SandboxRules, store: EventStore, diagnostics: Diagnostics): Edge {
  function judge(call: GraphCall, dataset: string): Judged {
    const data = eventsOf(call);
    const error = datasetError(dataset, rules) ?? requestShapeError(call) ?? firstEventError(data);
    if (error !== undefined) return { kind: 'refused', error };
    return { kind: 'accepted', traced: true, apply: (request, limit) => apply(dataset, data, request, limit) };
  }

  function firstEventError(data: readonly unknown[]): GraphError | undefined {
    const nowSeconds = rules.now() / 1000;
    const { strictIdentifiers, requireActionSource } = rules;
    for (let index = 0; index < data.length; index += 1) {
      const scope = { index, nowSeconds, strictIdentifiers, requireActionSource, diagnostics };
      const error = validateEvent(data[index], scope);
      if (error !== undefined) return error;
    }
    return undefined;
  }

  function apply(dataset: string, data: readonly unknown[], request: number, limit: number | undefined): JsonObject {
    const events = limit === undefined ? data : data.slice(0, limit);
    store.accept(dataset, events.filter(isObject), rules.now(), request);
    return { events_received: limit ?? data.length, messages: [] };
  }

  return { method: 'POST', name: 'events', judge };
}

/** The events of a request, valid or not; empty when there is no list of them. */
export function eventsOf(call: GraphCall): readonly unknown[] {
  const data = parameter(call, 'data');
  return Array.isArray(data) ? data : [];
}

function datasetError(dataset: string, { datasets }: SandboxRules): GraphError | undefined {
  const reachable = datasets === undefined ? /^\d+$/.test(dataset) : datasets.has(dataset);
  return reachable ? undefined : unsupportedRequest('POST', dataset);
}

/** An empty list counts as no data, which makes it a probe for a token that writes nothing. */
function requestShapeError(call: GraphCall): GraphError | undefined {
  if (call.unreadable !== undefined) return requestError(call.unreadable);
  const data = parameter(call, 'data');
  if (data === undefined || data === '') return requestError('The parameter data is required');
  if (!Array.isArray(data)) return requestError('The parameter data must be an array');
  if (data.length === 0) return requestError('The parameter data is required');
  return data.length > maxEvents ? requestError(`The parameter data holds more than ${maxEvents} events`) : undefined;
}
