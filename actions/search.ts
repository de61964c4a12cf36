import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { conversionFields } from '../src/kit/conversion/fields/conversion.ts';
import { eventName } from '../src/kit/conversion/fields/event.ts';
import { property, shownProducts } from '../src/kit/field-defaults.ts';

export default defineAction({
  title: 'Search',
  description: 'Send an event when a person searches for products or other content.',
  defaultTrigger: 'type = "track" and event = "Products Searched"',
  fields: {
    ...conversionFields,
    event_name: eventName('Search'),
    contents: { ...conversionFields.contents, default: shownProducts },
    search_string: { ...conversionFields.search_string, default: property('query', 'search_string') },
  },
  toPayload: buildConversion,
});
