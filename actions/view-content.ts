import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { productFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';

export default defineAction({
  title: 'View Content',
  description: 'Send an event when a person views a product or other content.',
  defaultTrigger: 'type = "track" and event = "Product Viewed"',
  fields: {
    ...productFields,
    event_name: eventName('ViewContent'),
  },
  toPayload: buildConversion,
});
