import type { JsonObject } from './json.ts';

/** The calls of the Segment spec. */
export const eventTypes = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;

export type EventType = (typeof eventTypes)[number];

/** A decoded call: a JSON object whose `type` is known. Every other member may be missing or of any type. */
export interface AnalyticsEvent extends JsonObject {
  readonly type: EventType;
}
