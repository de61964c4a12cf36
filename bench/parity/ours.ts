import { loadDestination } from '../../src/config/destination.ts';
import type { ConfiguredSubscription } from '../../src/config/subscription.ts';
import { recordOf } from '../../src/cli/command/record-of.ts';
import type { Action } from '../../src/core/action.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { createExplainer } from '../../src/explain/explain-event.ts';
import { destinationJson } from '../../src/import/draft.ts';
import { importExport } from '../../src/import/import-export.ts';
import { readInput } from '../../src/import/read-input.ts';
import type { Outcome } from './outcome.ts';
import type { SegmentSubscription } from './theirs.ts';

export interface Ours {
  readonly subscription: ConfiguredSubscription;
  run(event: JsonObject): Outcome;
}

const decode = { envelope: [], records: 'events', maxRecordBytes: 16 * 1024 * 1024 } as const;

/** The same subscription here, as the import makes it. */
export function createOurs(given: SegmentSubscription, actions: ReadonlyMap<string, Action>, now: number): Ours {
  const owner = {
    id: 'd',
    metadata: {},
    settings: { pixelId: '1234567890' },
    subscriptions: [{ ...given, enabled: true }],
  };
  const document = readInput('subscription.json', JSON.stringify(owner));
  const { destinations, entries } = importExport('segment', [document], {
    actions,
    actionIds: new Map(),
    keepDefaults: false,
  });
  const [draft] = destinations;
  if (draft === undefined) {
    const [reason] = entries.filter(({ fate }) => fate === 'decision').map(({ reason }) => reason);
    throw new Error(`"${given.name}" can't be imported: ${reason ?? ''}`);
  }
  const text = JSON.stringify(destinationJson(draft));
  const { destination, problems } = loadDestination(`${draft.name}.json`, text, { actions, environment: {} });
  const [subscription] = destination?.subscriptions ?? [];
  if (destination === undefined || subscription === undefined) throw new Error(JSON.stringify(problems));
  const explain = createExplainer({
    destinations: [destination],
    decode,
    now,
    details: false,
    showIdentifiers: false,
  });

  return {
    subscription,
    run(event) {
      const [explanation] = explain(recordOf(Buffer.from(JSON.stringify(event)), 0, now), 0);
      if (explanation?.error !== undefined) return { kind: 'refused', why: explanation.error.code };
      const [delivery] = explanation?.deliveries ?? [];
      if (delivery === undefined) return { kind: 'nothing', why: explanation?.skipped[0]?.reason ?? '' };
      if (delivery.request === undefined) return { kind: 'refused', why: delivery.error?.code ?? '' };
      const { method, path, body } = delivery.request;
      return { kind: 'sent', method, path, body };
    },
  };
}
