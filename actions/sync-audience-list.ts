import { syncAudienceListFields } from '../src/kit/audience/fields/sync-audience-list.ts';
import { syncAudienceList } from '../src/kit/audience/sync-audience-list.ts';
import { defineAction } from '../src/kit/define-action.ts';

export default defineAction({
  title: 'Sync Audience List',
  description: 'Adds the people of a list to custom audiences, or removes them.',
  audience: true,
  defaultTrigger:
    'type = "track" and (properties.userListAdd != null or properties.userListDelete != null' +
    ' or properties.users != null or properties.cohort_name != null)',
  fields: syncAudienceListFields,
  toPayload: syncAudienceList,
});
