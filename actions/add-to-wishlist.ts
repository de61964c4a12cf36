import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { productFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';

export default defineAction({
  title: 'Add to Wishlist',
  description: 'Send an event when a person adds a product to a wish list.',
  defaultTrigger: 'type = "track" and event = "Product Added to Wishlist"',
  fields: {
    ...productFields,
    event_name: eventName('AddToWishlist'),
  },
  toPayload: buildConversion,
});
