import type { JsonObject } from '../../src/core/json.ts';
import { isObject } from '../../src/core/json.ts';
import type { Outcome } from './outcome.ts';
import type { SegmentPackages } from './segment-packages.ts';

/** A subscription as Segment's Public API gives it. */
export interface SegmentSubscription {
  readonly name: string;
  readonly actionSlug: string;
  readonly trigger: string;
  readonly enabled?: boolean;
  readonly settings: JsonObject;
}

/** Runs a subscription of Segment's by its published packages; its HTTP client is answered at once, and sends nothing. */
export function createTheirs(packages: SegmentPackages) {
  const { Destination, conversions, audiences, network, Response } = packages;
  const destinations = { conversions: new Destination(conversions), audiences: new Destination(audiences) };
  let sent: { url: string; method: string; body: unknown }[] = [];
  network.default = async (request) => {
    sent.push({ url: request.url, method: request.method, body: JSON.parse(await request.text()) as unknown });
    return new Response('{"events_received":1}', { status: 200 });
  };

  return async function theirs(event: JsonObject, subscription: SegmentSubscription): Promise<Outcome> {
    const { actionSlug: partnerAction, trigger: subscribe, settings: mapping } = subscription;
    const isAudience = partnerAction === 'sync';
    const settings = isAudience ? { retlAdAccountId: '1234567890' } : { pixelId: '1234567890' };
    sent = [];
    try {
      const results = await destinations[isAudience ? 'audiences' : 'conversions'].onEvent(structuredClone(event), {
        ...settings,
        subscription: { partnerAction, subscribe, mapping: structuredClone(mapping) },
      });
      const [request] = sent;
      if (request !== undefined) {
        return { kind: 'sent', method: request.method, path: new URL(request.url).pathname, body: request.body };
      }
      return { kind: 'nothing', why: outputOf(results) };
    } catch (error) {
      return { kind: 'refused', why: error instanceof Error ? error.message : String(error) };
    }
  };
}

function outputOf(results: unknown): string {
  const [first] = Array.isArray(results) ? (results as readonly unknown[]) : [];
  return isObject(first) ? String(first['output'] ?? '') : '';
}
