import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { valueFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';
import { property } from '../src/kit/field-defaults.ts';

export default defineAction({
  title: 'Lead',
  description: 'Send an event when a person becomes a lead, or when a lead reaches a stage in your CRM.',
  fields: {
    ...valueFields,
    event_name: eventName('Lead'),
    lead_event_source: { ...valueFields.lead_event_source, default: property('lead_event_source') },
    event_source: { ...valueFields.event_source, default: property('event_source') },
  },
  toPayload: buildConversion,
});
