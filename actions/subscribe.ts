import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { valueFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';
import { property } from '../src/kit/field-defaults.ts';

export default defineAction({
  title: 'Subscribe',
  description: 'Send an event when a person starts a paid subscription.',
  fields: {
    ...valueFields,
    event_name: eventName('Subscribe'),
    predicted_ltv: { ...valueFields.predicted_ltv, default: property('predicted_ltv') },
  },
  toPayload: buildConversion,
});
