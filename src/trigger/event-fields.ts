import type { EventType } from '../core/event.ts';

/** The top-level members of a call by the Segment spec, and those that its common sources add. */
export const topLevelFields = [
  'type',
  'event',
  'name',
  'category',
  'userId',
  'anonymousId',
  'groupId',
  'previousId',
  'messageId',
  'timestamp',
  'originalTimestamp',
  'sentAt',
  'receivedAt',
  'context',
  'properties',
  'traits',
  'integrations',
  'channel',
  'version',
  'writeKey',
  'projectId',
  'rudderId',
  'request_ip',
  '_metadata',
] as const;

/** The members of `context` by the Segment spec, and those that its common sources add. */
export const contextFields = [
  'active',
  'app',
  'campaign',
  'channel',
  'consent',
  'device',
  'externalId',
  'externalIds',
  'groupId',
  'ip',
  'library',
  'locale',
  'location',
  'network',
  'os',
  'page',
  'passiveMetadata',
  'personas',
  'protocols',
  'referrer',
  'screen',
  'session_id',
  'sessionId',
  'source',
  'timezone',
  'traits',
  'userAgent',
  'userAgentData',
] as const;

/** Top-level members that only some calls have. Sources for mobile apps repeat the name of a screen call in `event`. */
export const fieldOwners: Readonly<Record<string, readonly EventType[]>> = {
  event: ['track', 'screen'],
  properties: ['track', 'page', 'screen'],
  previousId: ['alias'],
};
