import type { Failure } from '../../core/outcome.ts';
import { failureOf } from '../field-error.ts';
import type { EventFields } from './fields/event.ts';
import type { UserData } from './user-data.ts';

/** Meta, conversions API for business messaging: other names are refused (error 2804066). */
const eventNames: ReadonlySet<string> = new Set([
  'Purchase',
  'LeadSubmitted',
  'QualifiedLead',
  'InitiateCheckout',
  'AddToCart',
  'ViewContent',
  'OrderCreated',
  'OrderShipped',
  'OrderDelivered',
  'OrderCanceled',
  'OrderReturned',
  'CartAbandoned',
  'RatingProvided',
  'ReviewProvided',
]);

/** The identifiers that each channel must have; of a list in it, one. */
const neededByChannel: Readonly<Record<string, readonly (readonly string[])[]>> = {
  messenger: [['page_id'], ['page_scoped_user_id']],
  whatsapp: [['ctwa_clid'], ['whatsapp_business_account_id', 'page_id']],
  instagram: [['ig_account_id'], ['ig_sid']],
};

/** Why Meta would refuse an event of business messaging; undefined when it has all that its channel needs. */
export function messagingFailure(fields: EventFields, user: UserData): Failure | undefined {
  const channel = fields.messaging_channel;
  if (channel === undefined) return channelMissing;
  if (!eventNames.has(fields.event_name)) return eventUnsupported;
  for (const keys of neededByChannel[channel] ?? []) {
    if (!keys.some((key) => user[key] !== undefined)) return identifierMissing(channel, keys);
  }
  return undefined;
}

const channelMissing = failureOf(
  'MESSAGING_CHANNEL_MISSING',
  'messaging_channel',
  'A business messaging event needs the channel.',
  'Map messaging_channel to messenger, whatsapp or instagram.',
);

const eventUnsupported = failureOf(
  'MESSAGING_EVENT_UNSUPPORTED',
  'event_name',
  'Meta takes no event of this name from business messaging.',
  `Map event_name to one of ${[...eventNames].join(', ')}.`,
);

function identifierMissing(channel: string, keys: readonly string[]): Failure {
  const named = keys.join(' or ');
  const message = `A ${channel} event needs ${named}.`;
  return failureOf('MESSAGING_IDENTIFIER_MISSING', keys[0] ?? '', message, `Map ${named}.`);
}
