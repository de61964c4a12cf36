import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDestination } from '../../../src/config/destination.ts';
import type { AnalyticsEvent } from '../../../src/core/event.ts';
import { loadActions } from '../../../src/kit/load-actions.ts';
import { prepare } from '../../../src/pipeline/route/prepare.ts';
import { noon, record, sha256 } from '../../actions/run-action.ts';

const actions = await loadActions(join(import.meta.dirname, '..', '..', '..', 'actions'));
const file = {
  name: 'crm',
  settings: { access_token: { $env: 'T' } },
  subscriptions: [
    {
      name: 'Rows',
      action: 'sync-audience',
      mapping: { audience_id: '1', before: { em: { '@path': '$.properties.old_email' } } },
    },
    { name: 'Lists', action: 'sync-audience-list', mapping: { audience_id: '1' } },
  ],
};
const { destination } = loadDestination('crm.json', JSON.stringify(file), { actions, environment: { T: 't' } });

function told(name: string, event: object): unknown {
  const subscription = destination?.subscriptions.find((one) => one.name === name);
  if (destination === undefined || subscription === undefined) throw new Error('the destination of the test is wrong');
  return prepare(destination, subscription, { type: 'track', ...event } as AnalyticsEvent, record, noon).identifiers;
}

test('of a person is told what became of each identifier, as it is now', () => {
  const properties = { email: ['-', sha256('x')], phone: '12', first_name: 'n/a', birthday: '1991-04-07', city: '' };
  const before = { old_email: 'old@example.com' };
  expect(told('Rows', { event: 'updated', userId: 'u-1', properties: { ...properties, ...before } })).toEqual([
    { external_id: 'plain', em: 'passed', ph: 'unusable', fn: 'junk', db: 'hashed' },
  ]);
  expect(told('Rows', { event: 'deleted', properties: { email: 'a@example.com', birthday: 'soon' } })).toEqual([
    { em: 'hashed', db: 'unusable' },
  ]);
  expect(told('Rows', { event: 'Order Completed', userId: 'u-1' })).toEqual([]);
});

test('of a list is told of each person, also of those who can not be sent', () => {
  const properties = {
    userListAdd: [{ EMAIL: 'a@example.com', DOBY: 1991 }, { FN: 'Ann' }, 5],
    userListDelete: [{ EXTERN_ID: 'u-1' }],
  };
  expect(told('Lists', { event: 'list', properties })).toEqual([
    { external_id: 'plain' },
    { em: 'hashed', doby: 'hashed' },
    { fn: 'hashed' },
  ]);
});
