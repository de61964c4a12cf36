import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { orderFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';
import { property } from '../src/kit/field-defaults.ts';

export default defineAction({
  title: 'Purchase',
  description: 'Send an event when a person completes a purchase.',
  defaultTrigger: 'type = "track" and event = "Order Completed"',
  fields: {
    ...orderFields,
    event_name: eventName('Purchase'),
    value: { ...orderFields.value, default: property('total', 'revenue', 'value') },
  },
  toPayload: buildConversion,
});
