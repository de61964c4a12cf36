import { buildConversion } from '../src/kit/conversion/build-conversion.ts';
import { defineAction } from '../src/kit/define-action.ts';
import { conversionFields } from '../src/kit/conversion/fields/conversion.ts';
import { path } from '../src/kit/field-defaults.ts';

export default defineAction({
  title: 'Custom Event',
  description: 'Send any event: a standard one of Meta that has no action here, or one of your own.',
  fields: {
    ...conversionFields,
    event_name: { ...conversionFields.event_name, default: path('$.event') },
  },
  toPayload: buildConversion,
});
