import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { orderFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';
import { property } from '../src/kit/field-defaults.ts';

export default defineAction({
  title: 'Add Payment Info',
  description: 'Send an event when a person enters how to pay.',
  defaultTrigger: 'type = "track" and event = "Payment Info Entered"',
  fields: {
    ...orderFields,
    event_name: eventName('AddPaymentInfo'),
    value: { ...orderFields.value, default: property('value', 'total', 'revenue') },
  },
  toPayload: buildConversion,
});
