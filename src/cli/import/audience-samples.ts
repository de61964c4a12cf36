import type { JsonObject } from '../../core/json.ts';

const person = { email: 'ada@example.com', phone: '+44 161 496 0001', first_name: 'Ada', last_name: 'Byron' };

/** Events of invented people who join an audience, as the products send them. */
export const audienceSamples: readonly JsonObject[] = [
  {
    type: 'identify',
    messageId: 'import-audience-1',
    userId: 'u-1',
    traits: { ...person, loyal_customers: true },
    context: {
      personas: {
        computation_class: 'audience',
        computation_key: 'loyal_customers',
        external_audience_id: '120200000000000001',
      },
    },
  },
  { type: 'track', event: 'new', messageId: 'import-audience-2', userId: 'u-1', properties: person },
  {
    type: 'track',
    event: 'USER_ADD',
    messageId: 'import-audience-3',
    userId: 'job',
    properties: { userListAdd: [{ EMAIL: 'ada@example.com', FN: 'Ada' }] },
  },
];
