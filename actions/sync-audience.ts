import { syncAudienceFields } from '../src/kit/audience/fields/sync-audience.ts';
import { syncAudience } from '../src/kit/audience/sync-audience.ts';
import { defineAction } from '../src/kit/define-action.ts';

export default defineAction({
  title: 'Sync Audience',
  description: 'Adds the person of an event to a custom audience, or removes them.',
  audience: true,
  defaultTrigger: 'type = "track" or type = "identify"',
  fields: syncAudienceFields,
  toPayload: syncAudience,
});
