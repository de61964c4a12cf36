import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from '../../support/program-here.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

async function explain(subscription: object, ...events: readonly object[]) {
  const folder = mkdtempSync(join(tmpdir(), 'explain-audience-'));
  const destination = {
    name: 'crm',
    settings: { ad_account_id: '77', access_token: { $env: 'META_ACCESS_TOKEN' }, consent: 'context.consent = true' },
    subscriptions: [{ name: 'Members', ...subscription }],
  };
  writeFileSync(join(folder, 'crm.json'), JSON.stringify(destination));
  const finished = await runHere(['explain', '--mappings', folder, '--json'], {
    input: events.map((event) => JSON.stringify(event)).join('\n'),
    environment: { META_ACCESS_TOKEN: 'a-token-for-tests' },
  });
  expect(finished.code, finished.stderr).toBe(0);
  return finished.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('explain, for audiences', () => {
  const engage = (member: boolean, consent: boolean) => ({
    type: 'identify',
    userId: 'u-1',
    traits: { email: 'a@shop.example', vip: member },
    context: { consent, personas: { computation_key: 'vip' } },
  });

  test('shows the request, with the audience by its name', async () => {
    const [line] = await explain({ action: 'sync-audience' }, engage(true, true));
    expect(line.deliveries).toMatchObject([
      {
        destination: 'crm',
        subscription: 'Members',
        action: 'sync-audience',
        status: 'ready',
        request: {
          method: 'POST',
          path: '/v27.0/{audience:vip}/users',
          body: { payload: { schema: ['EXTERN_ID', 'EMAIL'], data: [['u-1', hash('a@shop.example')]] } },
        },
      },
    ]);
  });

  test('rule 30: shows that consent stops an addition, and no removal', async () => {
    const [added, removed] = await explain({ action: 'sync-audience' }, engage(true, false), engage(false, false));
    expect(added.deliveries).toEqual([]);
    expect(added.skipped).toMatchObject([{ subscription: 'Members', reason: 'consent' }]);
    expect(removed.deliveries).toMatchObject([{ status: 'ready', request: { method: 'DELETE' } }]);
  });

  test('rule 30: tells an event that says no membership from one that should', async () => {
    const order = { type: 'track', event: 'Order Completed', userId: 'u-1', context: { consent: true } };
    const [skipped] = await explain({ action: 'sync-audience', mapping: { audience_id: '7' } }, order);
    expect(skipped.skipped).toMatchObject([{ reason: 'no_membership' }]);
    const own = { action: 'sync-audience', trigger: 'event = "Order Completed"', mapping: { audience_id: '7' } };
    const [refused] = await explain(own, order);
    expect(refused.deliveries).toMatchObject([{ status: 'rejected', error: { code: 'MEMBERSHIP_UNSAID' } }]);
  });

  test('shows a replacement as the request that it is', async () => {
    const users = [{ EXTERN_ID: 'a', FN: 'Ann' }, { EXTERN_ID: 'b' }];
    const properties = { audience_id: '7', operation: 'replace', users };
    const list = { type: 'track', event: 'x', context: { consent: true }, properties };
    const [line] = await explain({ action: 'sync-audience-list' }, list);
    const payload = {
      schema: ['EXTERN_ID', 'FN'],
      data: [
        ['a', hash('ann')],
        ['b', ''],
      ],
    };
    expect(line.deliveries).toMatchObject([
      { status: 'ready', request: { method: 'POST', path: '/v27.0/7/usersreplace', body: { payload } } },
    ]);
  });

  test('shows of a list each request, and the entries that can not be sent', async () => {
    const list = {
      type: 'track',
      event: 'x',
      context: { consent: true },
      properties: { audience_id: '7', userListAdd: [{ EXTERN_ID: 'a' }, 5], userListDelete: [{ EXTERN_ID: 'b' }] },
    };
    const [line] = await explain({ action: 'sync-audience-list' }, list);
    expect(line.deliveries).toMatchObject([
      { status: 'ready', request: { method: 'DELETE', path: '/v27.0/7/users', body: { payload: { data: [['b']] } } } },
      { status: 'ready', request: { method: 'POST', path: '/v27.0/7/users', body: { payload: { data: [['a']] } } } },
      { status: 'rejected', error: { code: 'ENTRIES_REJECTED', message: expect.stringMatching(/userListAdd\[1\]/) } },
    ]);
  });
});
