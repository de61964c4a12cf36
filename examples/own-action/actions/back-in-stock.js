import { buildConversion, conversionFields, defineAction, eventName, property } from 'meta-actions';

export default defineAction({
  title: 'Back in Stock',
  description: 'Send an event when a person asks to be told that a product is there again.',
  defaultTrigger: 'type = "track" and event = "Stock Alert Requested"',
  fields: {
    ...conversionFields,
    event_name: eventName('BackInStock'),
    content_ids: { ...conversionFields.content_ids, default: property('sku') },
  },
  toPayload: buildConversion,
});
