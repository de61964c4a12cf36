import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSandbox } from '../../src/sandbox/server.ts';
import { runProgram } from '../support/program.ts';

test.each<[string, string, object, RegExp]>([
  ['terms of service', 'accounts/77', { terms: 'custom_audience' }, /terms.*customaudiences\/tos\/\?act=77/],
  ['terms of business tools', 'accounts/77', { terms: 'business_tools' }, /business tools terms.*tos\/\?act=77/],
  ['a business', 'accounts/77', { in_business: false }, /linked to no business.*https:.*settings\/ad-accounts/],
  ['a permission', 'accounts/77', { access: 'no_permission' }, /may not do this.*https:.*system-users/],
  ['a valid token', 'faults', { kind: 'token_expired' }, /token has expired.*https:.*system-users/],
  ['trust in the audience', 'audiences/120', { flagged: true }, /flagged.*https:.*audiences and ask for a review/],
])(
  'without %s the audience is blocked, with the cause, the fix and the link, and nothing is set aside',
  async (_, path, value, message) => {
    const sandbox = createSandbox({ audiences: [{ id: '120', accountId: '77', name: 'gold' }] });
    const graph = await sandbox.listen();
    await fetch(`${graph}/_sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(value),
    });
    const folder = mkdtempSync(join(tmpdir(), 'audience-setup-'));
    const [mappings, file, letters] = ['crm.json', 'events.ndjson', 'letters.ndjson'].map((name) => join(folder, name));
    const destination = {
      name: 'crm',
      settings: { ad_account_id: '77', access_token: { $env: 'META_ACCESS_TOKEN' }, batch: { linger_ms: 50 } },
      subscriptions: [{ name: 'Members', action: 'sync-audience', mapping: { audience_id: '120' } }],
    };
    writeFileSync(mappings ?? '', JSON.stringify(destination));
    writeFileSync(file ?? '', `${JSON.stringify({ type: 'track', event: 'new', userId: 'u-1', properties: {} })}\n`);
    const places = ['--source', `file:${file}`, '--dead-letters', `file:${letters}`];
    const parameters = ['run', '--mappings', mappings ?? '', '--once', '--max-blocked', '0.01', ...places];
    const { code, stderr } = await runProgram(parameters, {
      environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'integration-test-token' },
    });
    await sandbox.close();
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
    expect(existsSync(letters ?? '') ? readFileSync(letters ?? '', 'utf8') : '').toBe('');
    expect(sandbox.state.members('120').size).toBe(0);
  },
);
