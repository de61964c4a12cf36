import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { orderFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';
import { property } from '../src/kit/field-defaults.ts';

export default defineAction({
  title: 'Initiate Checkout',
  description: 'Send an event when a person enters the checkout.',
  defaultTrigger: 'type = "track" and event = "Checkout Started"',
  fields: {
    ...orderFields,
    event_name: eventName('InitiateCheckout'),
    value: { ...orderFields.value, default: property('value', 'total', 'revenue') },
  },
  toPayload: buildConversion,
});
