import { expect, it } from 'vitest';
import { account, emailHash, row, schema, startAudiences } from '../audience-client.ts';

it('removes people from every customer list of the ad account, and of no other', async () => {
  const { graph, admin, add, members } = await startAudiences();
  await admin('/audiences/5', { account_id: account });
  await admin('/audiences/6', { account_id: '78' });
  await add([row('ada'), row('bob')]);
  for (const id of ['5', '6']) await graph('POST', `/${id}/users`, { payload: { schema, data: [row('ada')] } });
  const payload = { schema: ['EMAIL'], data: [[emailHash('ada')], ['bad']] };
  const { status, json } = await graph('DELETE', `/act_${account}/usersofanyaudience`, { payload });
  expect(status).toBe(200);
  expect(json).toMatchObject({ account_id: account, num_received: 2, num_invalid_entries: 1 });
  expect([members(), members('5'), members('6')]).toEqual([['bob'], [], ['ada']]);
});

it('needs a payload, and rights in the account', async () => {
  const { graph, admin } = await startAudiences();
  const path = `/act_${account}/usersofanyaudience`;
  expect((await graph('DELETE', path)).json.error.code).toBe(194);
  await admin(`/accounts/${account}`, { access: 'no_permission' });
  expect((await graph('DELETE', path)).json.error.code).toBe(200);
});
