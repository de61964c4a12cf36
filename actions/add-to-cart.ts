import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { productFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';

export default defineAction({
  title: 'Add to Cart',
  description: 'Send an event when a person adds a product to the cart.',
  defaultTrigger: 'type = "track" and event = "Product Added"',
  fields: {
    ...productFields,
    event_name: eventName('AddToCart'),
  },
  toPayload: buildConversion,
});
