import type { EventType } from './event.ts';

/**
 * Members that calls of the Segment spec have, with what the common senders (Segment, RudderStack, Customer.io,
 * Amplitude) put beside them.
 */
const everyCall: readonly string[] = [
  'anonymousId',
  'channel',
  'context',
  'integrations',
  'message',
  'messageId',
  'metadata',
  'options',
  'originalTimestamp',
  'projectId',
  'properties',
  'receivedAt',
  'request_ip',
  'rudderId',
  'sentAt',
  'timestamp',
  'traits',
  'type',
  'userId',
  'userProperties',
  'user_properties',
  'version',
  'writeKey',
  '_metadata',
];

/** Of cohort messages, which name an audience and list its users. */
const cohortMessage: readonly string[] = [
  'audience_id',
  'audience_name',
  'cohort_id',
  'cohort_name',
  'hash',
  'format',
  'operation',
  'session_id',
  'users',
];

/** Members that only some types of call have. */
const someCalls: ReadonlyMap<string, readonly EventType[]> = new Map([
  ['event', ['track', 'page', 'screen']],
  ['name', ['page', 'screen']],
  ['category', ['page', 'screen']],
  ['groupId', ['group', 'track', 'page', 'screen', 'identify']],
  ['previousId', ['alias', 'identify']],
]);

/** Every first member that a call may have. */
export const callMembers: readonly string[] = [...everyCall, ...cohortMessage, ...someCalls.keys()];

/** Members of `context`, those that we add among them. Senders add their own, so that one which is not here is no mistake by itself. */
export const contextMembers: readonly string[] = [
  'account_id',
  'active',
  'actions_amplitude',
  'amp',
  'app',
  'audience_settings',
  'campaign',
  'channel',
  'clientId',
  'clientIds',
  'cloudevent',
  'consent',
  'device',
  'direct',
  'eventTransformed',
  'externalId',
  'externalIds',
  'extra',
  'facebook',
  'fbc',
  'fbclid',
  'fbp',
  'groupId',
  'instanceId',
  'integration',
  'integrations',
  'ip',
  'kafka',
  'library',
  'locale',
  'location',
  'mappedToDestination',
  'network',
  'os',
  'page',
  'passedIp',
  'passiveMetadata',
  'personas',
  'plan',
  'properties',
  'protocols',
  'receivedAt',
  'referrer',
  'row',
  'screen',
  'session',
  'sessionId',
  'sessionStart',
  'session_id',
  'sources',
  'source',
  'timezone',
  'traits',
  'userAgent',
  'userAgentData',
  'userId',
  'violations',
];

/** The types of call that have this first member; undefined when all may, or when it is unknown. */
export function typesWith(name: string): readonly EventType[] | undefined {
  return someCalls.get(name);
}
