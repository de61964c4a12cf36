import type { AudienceChange } from '../../src/core/audience.ts';
import { fakeAudienceAction } from './destinations.ts';

/** "Ada joins" and "Ada leaves" change one audience; each user is known by the first word. */
export const membership = fakeAudienceAction((name) => {
  const [user = '', verb] = name.split(' ');
  const change: AudienceChange = {
    operation: verb === 'joins' ? 'add' : 'remove',
    user,
    identifiers: [user],
    rows: [{ EXTERN_ID: user }],
  };
  return { kind: 'audience', updates: [{ target: { kind: 'id', id: '120' }, settings: {}, changes: [change] }] };
});
