import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { listening } from '../support/listening.ts';
import { runHere } from '../support/program-here.ts';
import { proxyServer } from '../support/proxy-server.ts';
import { registryServer } from '../support/registry-server.ts';

const audience = '120200000000000001';
let sandbox: Sandbox;
let graph: string;

beforeAll(async () => {
  sandbox = createSandbox({
    tokens: [
      'a-token-that-works',
      'a-person-token',
      'a-token-without-scopes',
      'a-token-that-ends',
      'an-events-manager-token',
    ],
    tokenFacts: {
      'a-person-token': { type: 'USER' },
      'a-token-without-scopes': { scopes: ['public_profile'] },
      'a-token-that-ends': { expiresAt: Math.floor(Date.now() / 1000) + 3 * 86_400 },
      'an-events-manager-token': { tellsOfItself: false, scopes: ['read_ads_dataset_quality'] },
    },
    expiredTokens: ['an-expired-token'],
    datasets: ['1234567890'],
    adAccounts: ['55', '66', '77'],
    minVersion: '19.0',
    audiences: [
      { id: audience, accountId: '55', name: 'Buyers' },
      { id: '120200000000000002', accountId: '55', name: 'Alike', subtype: 'LOOKALIKE' },
      { id: '120200000000000003', accountId: '55', name: 'Partners' },
    ],
  });
  graph = await sandbox.listen();
  await change('accounts/66', { terms: 'custom_audience' });
  await change('accounts/77', { in_business: false });
  await change('audiences/120200000000000003', { editable: false });
});
afterAll(() => sandbox?.close());

async function change(path: string, switches: object): Promise<void> {
  const url = `${graph}/_sandbox/${path}`;
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(switches),
  });
  if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status} ${await answer.text()}`);
}

interface Setup {
  readonly settings?: object;
  readonly audienceId?: string;
  /** Without the subscription that feeds an audience. */
  readonly conversionsOnly?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Found {
  readonly check: string;
  readonly status: string;
  readonly code?: string;
  readonly message: string;
  readonly fix?: string;
  readonly docs?: string;
}

async function doctor({ settings, audienceId = audience, conversionsOnly = false, environment }: Setup = {}) {
  const mapping = { audience_id: audienceId };
  const feeding = { name: 'Buyers', action: 'sync-audience', trigger: 'type = "track"', mapping };
  const mappings = join(mkdtempSync(join(tmpdir(), 'meta-actions-doctor-')), 'shop.json');
  const file = {
    name: 'shop',
    settings: {
      pixel_id: '1234567890',
      ad_account_id: '55',
      access_token: { $env: 'META_ACCESS_TOKEN' },
      ...settings,
    },
    subscriptions: [{ name: 'Orders', action: 'purchase' }, ...(conversionsOnly ? [] : [feeding])],
  };
  writeFileSync(mappings, JSON.stringify(file));
  const { code, stdout } = await runHere(['doctor', '--source', '-', '--json', '--mappings', mappings], {
    environment: { META_GRAPH_URL: graph, META_ACCESS_TOKEN: 'a-token-that-works', NO_PROXY: '*', ...environment },
  });
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Found[] };
  return { code, findings, wrong: findings.filter(({ status }) => status !== 'ok') };
}

const page = readFileSync(new URL('../../docs/doctor.md', import.meta.url), 'utf8');
const paragraphs = [...page.matchAll(/^## (.*)$/gm)].map(
  ([, title = '']) => `docs/doctor.md#${title.toLowerCase().replaceAll(' ', '-')}`,
);

/** Whatever is wrong says what to do, and which paragraph of the documentation says more. */
function expectHelp(wrong: readonly Found[]): void {
  for (const { check, status, docs, fix } of wrong) {
    if (status === 'skipped') continue;
    expect(paragraphs, check).toContain(docs);
    // Messages of these say it themselves.
    if (!/settings|mappings/.test(check)) expect(fix, check).toEqual(expect.any(String));
  }
}

describe.concurrent('doctor', () => {
  it('finds nothing wrong where nothing is', async () => {
    const { code, findings, wrong } = await doctor();
    expect(wrong).toEqual([]);
    expect(code).toBe(0);
    expect(findings.map(({ check }) => check)).toEqual([
      'settings',
      'mappings',
      'shop: API version',
      'shop: dataset',
      'shop: token',
      'shop: dataset quality',
      'shop: ad account',
      `shop: audience ${audience}`,
      'shop: clock',
      'shop: rate limits',
    ]);
  });

  const doubtful: readonly (readonly [string, Setup, string, string])[] = [
    ['a token of a person', { environment: { META_ACCESS_TOKEN: 'a-person-token' } }, 'token', 'TOKEN_KIND'],
    ['a token that ends soon', { environment: { META_ACCESS_TOKEN: 'a-token-that-ends' } }, 'token', 'TOKEN_EXPIRES'],
    [
      'quality that may not be read',
      { environment: { META_ACCESS_TOKEN: 'a-token-without-scopes' } },
      'dataset quality',
      'DATASET_QUALITY_UNREADABLE',
    ],
  ];
  it.each(doubtful)('warns of %s', async (_name, setup, check, expected) => {
    const { wrong } = await doctor(setup);
    expectHelp(wrong);
    expect(wrong).toContainEqual(
      expect.objectContaining({ check: `shop: ${check}`, code: expected, status: 'warning', fix: expect.any(String) }),
    );
  });

  it('takes a token of the Events Manager, of which Meta tells nothing, for what it can send', async () => {
    const environment = { META_ACCESS_TOKEN: 'an-events-manager-token' };
    const { wrong, code } = await doctor({ conversionsOnly: true, environment });
    expect(wrong).toMatchObject([{ check: 'shop: token', status: 'skipped' }]);
    expect(code).toBe(0);
  });

  const broken: readonly (readonly [string, Setup, string, string])[] = [
    ['a token that is none', { environment: { META_ACCESS_TOKEN: 'another-token' } }, 'dataset', 'META_190'],
    ['an expired token', { environment: { META_ACCESS_TOKEN: 'an-expired-token' } }, 'dataset', 'META_190_463'],
    [
      'a token without the scope for audiences',
      { environment: { META_ACCESS_TOKEN: 'a-token-without-scopes' } },
      'token',
      'TOKEN_SCOPE',
    ],
    [
      'a token of the Events Manager, for audiences',
      { environment: { META_ACCESS_TOKEN: 'an-events-manager-token' } },
      'ad account',
      'META_200',
    ],
    ['a token that is not set', { environment: { META_ACCESS_TOKEN: '' } }, 'token', 'SECRET_UNREADABLE'],
    ['a dataset that is not there', { settings: { pixel_id: '999' } }, 'dataset', 'META_100_33'],
    ['terms that were not accepted', { settings: { ad_account_id: '66' } }, 'ad account', 'META_200_1870090'],
    [
      'an account without a business',
      { settings: { ad_account_id: '77' } },
      'ad account',
      'AD_ACCOUNT_WITHOUT_BUSINESS',
    ],
    ['an account that is not there', { settings: { ad_account_id: '88' } }, 'ad account', 'META_100_33'],
    ['an audience that is not there', { audienceId: '120200000000000009' }, 'audience', 'META_100_33'],
    ['an audience that takes nobody', { audienceId: '120200000000000002' }, 'audience', 'AUDIENCE_NOT_A_LIST'],
    [
      'an audience that may only be looked at',
      { audienceId: '120200000000000003' },
      'audience',
      'AUDIENCE_NOT_EDITABLE',
    ],
    ['a version that has ended', { settings: { api_version: 'v23.0' } }, 'API version', 'API_VERSION_ENDS'],
    ['nobody at the address', { environment: { META_GRAPH_URL: 'http://127.0.0.1:9' } }, 'dataset', 'NETWORK_CONNECT'],
    ['a setting that is none', { environment: { OPS_PORT: 'many' } }, 'settings', 'SETTING_INVALID'],
    ['a mapping that is none', { settings: { pixel: '1' } }, 'mappings', 'CONFIG_INVALID'],
  ];
  it.each(broken)('names what is broken: %s', async (_name, setup, check, expected) => {
    const { code, findings, wrong } = await doctor(setup);
    expectHelp(wrong);
    const failures = findings.filter(({ status }) => status === 'failure');
    expect(failures).toContainEqual(expect.objectContaining({ check: expect.stringContaining(check), code: expected }));
    expect(code).toBe(1);
  });

  it('names a proxy that refuses', async () => {
    const proxy = await proxyServer(() => 407);
    try {
      const { code, findings } = await doctor({ environment: { HTTP_PROXY: proxy.url, NO_PROXY: '' } });
      const failure = findings.find(({ status }) => status === 'failure');
      expect(failure).toMatchObject({ check: 'shop: dataset', message: expect.stringContaining('proxy') });
      expect(code).toBe(1);
    } finally {
      await proxy.close();
    }
  });

  it('names a registry that refuses, one that is away, and the file of a token that is missing', async () => {
    const registry = await registryServer({});
    const sources = join(mkdtempSync(join(tmpdir(), 'meta-actions-doctor-')), 'sources.json');
    writeFileSync(sources, JSON.stringify({ topics: { events: { format: 'avro' } } }));
    const environment = { SOURCES: sources, SCHEMA_REGISTRY_URL: registry.url };
    try {
      expect((await doctor({ environment })).findings).toContainEqual(
        expect.objectContaining({ check: 'schema registry', status: 'ok' }),
      );
      const token = { SCHEMA_REGISTRY_TOKEN_FILE: '/nowhere/token' };
      expect((await doctor({ environment: { ...environment, ...token } })).wrong).toMatchObject([
        { code: 'SETTING_INVALID', message: expect.stringMatching(/^SCHEMA_REGISTRY_TOKEN_FILE: .*\/nowhere\/token/) },
      ]);
      registry.answer = (_request, response) => void response.writeHead(401).end();
      expect((await doctor({ environment })).wrong).toMatchObject([
        { check: 'schema registry', status: 'failure', code: 'REGISTRY_REFUSED' },
      ]);
    } finally {
      await registry.close();
    }
    expect((await doctor({ environment })).wrong).toMatchObject([
      { check: 'schema registry', status: 'failure', code: 'REGISTRY_UNREACHABLE' },
    ]);
  });

  it('warns of a clock that is apart from that of Meta, and of a limit of conversions that is near', async () => {
    const server = await listening(
      createServer((_request, response) => {
        const date = new Date(Date.now() + 600_000).toUTCString();
        const usage = JSON.stringify({ 55: [{ type: 'ads_management', call_count: 95 }] });
        const of = { 'x-fb-trace-id': 'A', 'x-business-use-case-usage': usage };
        response.writeHead(400, { 'content-type': 'application/json', date, ...of });
        response.end(JSON.stringify({ error: { message: '(#100) The parameter data is required', code: 100 } }));
      }),
    );
    try {
      const { wrong } = await doctor({ environment: { META_GRAPH_URL: `http://127.0.0.1:${server.port}` } });
      expect(wrong).toContainEqual(
        expect.objectContaining({
          check: 'shop: clock',
          status: 'warning',
          message: expect.stringMatching(/(599|600|601) s behind/),
        }),
      );
      expect(wrong).toContainEqual(expect.objectContaining({ check: 'shop: rate limits', code: 'RATE_LIMIT_NEAR' }));
    } finally {
      await server.close();
    }
  });

  it('sends nothing, and shows no token', async () => {
    const before = sandbox.state.summary().events;
    const { findings } = await doctor();
    expect(sandbox.state.summary().events).toEqual(before);
    expect(JSON.stringify(findings)).not.toContain('a-token-that-works');
  });
});
