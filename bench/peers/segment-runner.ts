import type { SegmentPackages } from '../parity/segment-packages.ts';
import { pixel, segmentSubscription } from './segment-mapping.ts';

/**
 * Runs the published Purchase for an event as Segment's runner does: trigger, settings, mapping, validation, hashing, and
 * their HTTP client up to the call of `fetch`, in whose place `send` gets the body.
 */
export function createSegmentRunner(
  { Destination, conversions, network, Response }: SegmentPackages,
  send: (body: string) => unknown,
): (event: object) => Promise<unknown> {
  network.default = async (request) => {
    await send(await request.text());
    return new Response('{"events_received":1}', { status: 200 });
  };
  const destination = new Destination(conversions);
  return (event) => destination.onEvent(event, { ...pixel, subscription: segmentSubscription });
}
