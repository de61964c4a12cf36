import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { startConnector } from '../support/connector-process.ts';

const token = 'EAAGnoisyTokenOfATest0123456789';
const audienceName = 'Lapsed Diabetics of Hamburg';
const person = (index: number) => ({
  email: `erika.${index}@mustermann.example`,
  phone: `+49 151 23${index}4567`,
  first_name: `Erikana${index}`,
  last_name: `Mustermannova${index}`,
});
const persons = Array.from({ length: 30 }, (_, index) => person(10 + index));
/** Nothing of it may be seen anywhere; digits without the signs between them neither. */
const secrets = [
  token,
  audienceName,
  'Diabetics',
  ...persons.flatMap(({ email, phone, first_name, last_name }) => [email, phone, first_name, last_name]),
  ...persons.map(({ phone }) => phone.replaceAll(/\D/g, '')),
  'mustermann.example',
];
const said = `Invalid value "${person(10).first_name} ${person(10).last_name}" <${person(10).email}> ${person(11).phone} in ${audienceName}`;

const faults: readonly object[] = [
  { kind: 'graph_error', code: 100, message: said },
  { kind: 'graph_error', code: 987, message: said },
  { kind: 'status', status: 503, body: `<p>${said}</p>` },
  { kind: 'html_502' },
  { kind: 'error_500' },
  { kind: 'reset_before' },
  { kind: 'reset_after' },
  { kind: 'throttle', code: 80004 },
  { kind: 'token_expired' },
  { kind: 'token_invalid' },
  { kind: 'permission' },
  { kind: 'terms_withdrawn' },
  { kind: 'redirect', location: `https://${'x'}.example/?user=${person(12).email}` },
];

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox({ audiences: [{ id: '55', accountId: '77', name: 'Other' }] });
});
afterAll(() => sandbox.close());

function eventOf({ email, phone, first_name, last_name }: (typeof persons)[number], index: number): object {
  const traits = { email, phone, first_name, last_name };
  const context = {
    ip: '198.51.100.7',
    userAgent: 'Mozilla/5.0',
    page: { url: `https://shop.example.com/thanks?email=${email}` },
    traits,
    personas: { computation_key: audienceName, computation_class: 'audience' },
  };
  const properties = {
    [audienceName]: true,
    total: 10,
    currency: index % 7 === 0 ? `${first_name} EUR` : 'EUR',
    customer_note: `${first_name} ${last_name}`,
  };
  const timestamp = new Date().toISOString();
  return {
    type: 'track',
    event: 'Order Completed',
    messageId: `m-${index}`,
    userId: email,
    timestamp,
    context,
    properties,
  };
}

test('a noisy run at debug level shows no e-mail, phone, name, token or audience name anywhere', async () => {
  const graph = await sandbox.listen();
  const folder = mkdtempSync(join(tmpdir(), 'noisy-'));
  const destination = (name: string, settings: object, subscription: object) => {
    const all = { access_token: { $env: 'META_ACCESS_TOKEN' }, ...settings };
    const text = JSON.stringify({ name, settings: all, subscriptions: [subscription] });
    writeFileSync(join(folder, `${name}.json`), text);
  };
  destination('shop', { pixel_id: '1234567890', batch: { max_events: 5 } }, { name: 'Orders', action: 'purchase' });
  const members = { audience_name: { '@path': '$.context.personas.computation_key' } };
  destination(
    'crm',
    { ad_account_id: '77' },
    {
      ...{ name: 'Members', action: 'sync-audience', trigger: 'type = "track"' },
      mapping: members,
    },
  );
  const source = join(folder, 'events.ndjson');
  const lines = persons.map((each, index) => JSON.stringify(eventOf(each, index)));
  writeFileSync(source, [...lines, `{"type":"track","broken":"${person(13).email}`, ''].join('\n'));
  for (const fault of faults) {
    const body = JSON.stringify({ ...fault, times: 1 });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${graph}/_sandbox/faults`, { method: 'POST', headers, body });
    expect(answer.ok, await answer.text()).toBe(true);
  }
  const connector = startConnector({
    arguments: ['run', '--mappings', folder, '--source', `file:${source}`, '--once'],
    environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: token, LOG_LEVEL: 'debug', META_THROTTLE_PAUSE_MS: '300' },
  });
  let hasEnded = false;
  void connector.exited.then(() => {
    hasEnded = true;
  });
  const seen = new Set<string>();
  while (!hasEnded) {
    const url = connector.opsUrl();
    for (const path of url === undefined ? [] : ['/readyz', '/metrics', '/', '/api/v1/status', '/api/v1/lanes']) {
      const answer = await fetch(`${url}${path}`).catch(() => undefined);
      if (answer === undefined) continue;
      const text = await answer.text();
      seen.add(`${JSON.stringify([...answer.headers])} ${text}`);
      // What waits for a person tries at once.
      if (text.includes(' is blocked: ')) connector.kill('SIGHUP');
    }
    await sleep(200);
  }

  const log = connector.log();
  for (const line of log.trim().split('\n'))
    expect(JSON.parse(line), line).toMatchObject({ level: expect.any(String) });
  const last = log.trim().split('\n').at(-1) ?? '';
  expect(JSON.parse(last)).toMatchObject({ kind: 'stopped', clean: true });
  const spent = (await (await fetch(`${graph}/_sandbox/faults`)).json()) as {
    faults: { spent: boolean; kind: string }[];
  };
  expect(spent.faults.filter((fault) => !fault.spent)).toEqual([]);
  const letters = readFileSync(`${source}.dead-letters.ndjson`, 'utf8').trim().split('\n');
  // The value is the record itself, which is to be sent again.
  const described = letters.map((line) => JSON.stringify({ ...JSON.parse(line), value: '', key: '' }));
  const shown = [log, connector.printed(), ...seen, ...described].join('\n');
  expect(letters.length).toBeGreaterThan(1);
  expect(secrets.filter((secret) => shown.toLowerCase().includes(secret.toLowerCase()))).toEqual([]);
});
