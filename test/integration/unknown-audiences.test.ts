import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/server.ts';
import { audienceMappings } from '../support/audience-mappings.ts';
import { runProgram } from '../support/program.ts';

const fromEvent = {
  audience_id: { '@path': '$.properties.audience' },
  ad_account_id: { '@path': '$.properties.account' },
};

/** Streams the events through the program, with audience 120 of account 77 known. */
async function run(events: readonly object[], mapping: object) {
  const sandbox = createSandbox({ audiences: [{ id: '120', accountId: '77', name: 'gold' }], adAccounts: ['77'] });
  const graph = await sandbox.listen();
  onTestFinished(() => sandbox.close());
  const folder = mkdtempSync(join(tmpdir(), 'unknown-audiences-'));
  const [file, letters] = [join(folder, 'events.ndjson'), join(folder, 'letters.ndjson')];
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const parameters = ['run', '--mappings', audienceMappings({ batch: { linger_ms: 20 } }, mapping), '--once'];
  const places = ['--source', `file:${file}`, '--dead-letters', `file:${letters}`, '--max-blocked', '0.02'];
  const { code, stderr } = await runProgram([...parameters, ...places], {
    environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'unknown-audiences-token' },
  });
  const lines = existsSync(letters) ? readFileSync(letters, 'utf8').split('\n').filter(Boolean) : [];
  const refused = lines
    .map((line) => JSON.parse(line))
    .map(({ value, error }) => [JSON.parse(value).userId, error.code, error.fix]);
  const lookups = sandbox.state.requests().filter(({ method, path }) => method === 'GET' && path.includes('/999'));
  return { code, stderr, refused, members: sandbox.state.members('120').size, lookups: lookups.length };
}

const join120 = (userId: string, audience: string | undefined, more: object = {}) => ({
  type: 'track',
  event: 'new',
  userId,
  properties: { audience, ...more },
});

test('an audience id that an event brings and Meta does not know is the fault of the event: the others go on', async () => {
  const events = Array.from({ length: 40 }, (_, index) => [
    join120(`good-${index}`, '120'),
    ...(index % 4 === 0 ? [join120(`bad-${index}`, '999')] : []),
  ]).flat();
  const { code, stderr, refused, members, lookups } = await run(events, fromEvent);
  expect(code, stderr).toBe(0);
  expect(members).toBe(40);
  expect(refused).toHaveLength(10);
  for (const [user, why, fix] of refused) {
    expect(user).toMatch(/^bad-/);
    expect([why, fix]).toEqual(['META_100_33', expect.stringContaining('where the event gets it from')]);
  }
  // Not once for each event that has it.
  expect(lookups).toBe(1);
}, 60_000);

test('so is an ad account of the event', async () => {
  const vip = { audience_id: null, audience_name: 'gold', ad_account_id: fromEvent.ad_account_id };
  const events = [join120('bad', undefined, { account: '999' }), join120('good', undefined, { account: '77' })];
  const { code, stderr, refused, members } = await run(events, vip);
  expect(code, stderr).toBe(0);
  expect(refused.map(([user]) => user)).toEqual(['bad']);
  expect(members).toBe(1);
}, 60_000);

test('an id of the mapping blocks, and makes no dead letter', async () => {
  const { code, stderr, refused } = await run([join120('u-1', undefined)], { audience_id: '999' });
  expect([code, refused]).toEqual([1, []]);
  expect(stderr).toMatch(/LANE_BLOCKED/);
}, 60_000);

test('where an event brings the id that the mapping falls back to, it is still the id of the mapping', async () => {
  const mapping = { audience_id: { '@first': [{ '@path': '$.properties.audience' }, '999'] } };
  const { code, refused } = await run([join120('u-1', '999')], mapping);
  expect([code, refused]).toEqual([1, []]);
}, 60_000);
