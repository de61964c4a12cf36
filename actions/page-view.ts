import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { conversionFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';
import { firstPresent } from '../src/kit/field-defaults.ts';

export default defineAction({
  title: 'Page View',
  description: 'Send an event when a person lands on a page.',
  defaultTrigger: 'type = "page"',
  fields: {
    ...conversionFields,
    event_name: eventName('PageView'),
    event_source_url: {
      ...conversionFields.event_source_url,
      default: firstPresent('$.context.page.url', '$.properties.url'),
    },
    referrer_url: {
      ...conversionFields.referrer_url,
      default: firstPresent('$.context.page.referrer', '$.properties.referrer'),
    },
  },
  toPayload: buildConversion,
});
