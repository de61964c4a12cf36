import type { Action } from '../../src/core/action.ts';
import type { AudienceChange } from '../../src/core/audience.ts';

/** "Ada joins" and "Ada leaves" change one audience; each user is known by the first word. */
export const membership: Action = {
  key: 'sync-audience',
  definition: {
    title: '',
    description: '',
    audience: true,
    fields: {},
    toPayload: () => ({ kind: 'skipped', reason: 'unused' }),
  },
  parse: (mapped) => ({ fields: mapped as Record<string, unknown>, warnings: [] }),
  parser: () => () => ({ fields: {}, warnings: [] }),
  toPayload(fields) {
    const [user = '', verb] = String(fields['name']).split(' ');
    const change: AudienceChange = {
      operation: verb === 'joins' ? 'add' : 'remove',
      user,
      identifiers: [user],
      rows: [{ EXTERN_ID: user }],
    };
    return { kind: 'audience', updates: [{ target: { kind: 'id', id: '120' }, settings: {}, changes: [change] }] };
  },
};
