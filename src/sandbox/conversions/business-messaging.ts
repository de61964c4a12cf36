import type { JsonObject } from '../../core/json.ts';
import type { EventCheck } from './event-check.ts';
import { eventPath, present } from './event-path.ts';
import { type GraphError, parameterError, validationError } from '../graph/graph-errors.ts';

/** The only names that this source takes (Meta: Conversions API for business messaging). */
const eventNames: ReadonlySet<unknown> = new Set([
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

const clickId = /^[\x21-\x7e]+$/;

type ChannelCheck = (userData: JsonObject, index: number) => GraphError | undefined;

const channels: Readonly<Record<string, ChannelCheck>> = {
  messenger(userData, index) {
    if (!present(userData['page_id'])) return validationError(2804069, ['user_data', 'page_id']);
    if (present(userData['page_scoped_user_id'])) return undefined;
    return parameterError(`The parameter ${eventPath(index, 'user_data', 'page_scoped_user_id')} is required`);
  },
  whatsapp(userData) {
    const click = userData['ctwa_clid'];
    if (!present(click)) return validationError(2804071, ['user_data', 'ctwa_clid']);
    if (!clickId.test(String(click))) return validationError(2804087, ['user_data', 'ctwa_clid']);
    const owner = present(userData['whatsapp_business_account_id']) || present(userData['page_id']);
    return owner ? undefined : validationError(2804116, ['user_data', 'page_id']);
  },
  /** The documented sample's instagram_business_account_id is refused; ig_account_id is what works. */
  instagram(userData) {
    if (!present(userData['ig_account_id'])) return validationError(2804079, ['user_data', 'ig_account_id']);
    return present(userData['ig_sid']) ? undefined : validationError(2804075, ['user_data', 'ig_sid']);
  },
};

/** No URL, a known name, a channel, and that channel's set of ids. */
export const checkBusinessMessaging: EventCheck = (event, { index }) => {
  if (event['action_source'] !== 'business_messaging') return undefined;
  if (present(event['event_source_url'])) return validationError(2804064, ['event_source_url']);
  if (!eventNames.has(event['event_name'])) return validationError(2804066, ['event_name']);
  const channel = event['messaging_channel'];
  if (typeof channel !== 'string' || channel === '') {
    return parameterError(`The parameter ${eventPath(index, 'messaging_channel')} is required`);
  }
  return channels[channel]?.(event['user_data'] as JsonObject, index);
};
