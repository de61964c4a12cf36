import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { valueFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';
import { property } from '../src/kit/field-defaults.ts';

export default defineAction({
  title: 'Complete Registration',
  description: 'Send an event when a person has signed up.',
  defaultTrigger: 'type = "track" and event = "Signed Up"',
  fields: {
    ...valueFields,
    event_name: eventName('CompleteRegistration'),
    status: { ...valueFields.status, default: property('status') },
  },
  toPayload: buildConversion,
});
