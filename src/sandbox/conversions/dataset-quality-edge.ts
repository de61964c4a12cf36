import { type Edge, refused } from '../graph/edge.ts';
import { parameter } from '../graph/graph-call.ts';
import { permissionsError, requestError, unsupportedRequest } from '../graph/graph-errors.ts';
import type { SandboxRules } from '../graph/options.ts';
import { readsDatasetQuality } from '../graph/token-facts.ts';
import type { EventStore } from './event-store.ts';

/** `GET /{version}/dataset_quality?dataset_id=…` (Meta: Dataset Quality API): names of events; scores are Meta's alone. */
export function datasetQualityEdge(rules: SandboxRules, store: EventStore): Edge {
  return {
    method: 'GET',
    name: 'dataset_quality',
    isRoot: true,
    judge(call) {
      const dataset = parameter(call, 'dataset_id');
      if (typeof dataset !== 'string' || !/^\d+$/.test(dataset))
        return refused(requestError('The parameter dataset_id is required'));
      if (rules.datasets?.has(dataset) === false) return refused(unsupportedRequest('GET', dataset));
      if (!readsDatasetQuality(rules.tokenFacts(call.token))) return refused(permissionsError());
      const names = store.countsByName().filter((counts) => counts.dataset === dataset);
      return { kind: 'accepted', apply: () => ({ web: names.map(({ event_name }) => ({ event_name })) }) };
    },
  };
}
