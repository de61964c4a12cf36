import { afterEach, describe, expect, test } from 'vitest';
import type { AudienceKey, AudienceOperation, AudienceTarget } from '../../../src/core/audience.ts';
import type { Delivery } from '../../../src/core/delivery.ts';
import { withheldCode } from '../../../src/core/outcome.ts';
import type { DestinationSettings } from '../../../src/core/settings.ts';
import { audienceDirectory } from '../../../src/meta/audiences/directory.ts';
import { usersSink } from '../../../src/meta/audiences/users-sink.ts';
import { graphClient } from '../../../src/meta/graph-client.ts';
import type { SandboxOptions } from '../../../src/sandbox/graph/options.ts';
import { createSandbox } from '../../../src/sandbox/server.ts';
import { deliveries, never, recorder, virtualClock } from '../../delivery/fakes.ts';
import { answerJson, scriptedGraph } from '../scripted-graph.ts';

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

const settings: DestinationSettings = {
  accessToken: { origin: 'environment variable META_ACCESS_TOKEN', read: () => 'EAAtoken123' },
  adAccountId: 'act_77',
  apiVersion: 'v26.0',
  batch: { maxEvents: 1_000, maxRows: 10_000, maxBytes: 1_000_000 },
  requirements: 'warn',
  tooOld: 'dead_letter',
  stripIdentifiers: true,
  integrationNames: [],
};
const caller = { name: 'crm', settings };

async function setUp(options: SandboxOptions = {}) {
  const sandbox = createSandbox({ audiences: [{ id: '120', accountId: '77', name: 'gold' }], ...options });
  const url = await sandbox.listen();
  cleanups.push(() => sandbox.close());
  const client = graphClient({ baseUrl: url });
  cleanups.push(() => client.close());
  const clock = virtualClock();
  const hurried = { ...clock, sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 50)) };
  const telemetry = recorder();
  const parts = { client, lane: 'audience', clock, telemetry };
  const allowed = { toSend: true };
  const callerOf = (name: string) => (name === 'crm' ? caller : undefined);
  /** A process that knows nothing of the first. */
  const another = () => usersSink({ ...parts, callerOf, random: Math.random, maySend: () => allowed.toSend });
  const sink = another();
  const switchTo = async (path: string, value: object) => {
    const answer = await fetch(`${url}/_sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(value),
    });
    expect(answer.ok, await answer.text()).toBe(true);
  };
  const directory = () => audienceDirectory({ ...parts, clock: hurried });
  return { url, sandbox, sink, another, directory, switchTo, clock, allowed, telemetry };
}

interface RowsOptions {
  readonly operation?: AudienceOperation;
  readonly schema?: readonly AudienceKey[];
  readonly session?: {
    readonly id: string;
    readonly sequence: number;
    readonly last: boolean;
    readonly rows: number;
    readonly asGiven?: true;
  };
}

const text = (body: string) => ({ body, bytes: Buffer.byteLength(body) });

function rows(cells: readonly (readonly unknown[])[], more: RowsOptions = {}): readonly Delivery[] {
  const { operation = 'add', schema = ['EXTERN_ID'], session } = more;
  const terms = { audienceId: '120', operation, schema, settings: {}, ...(session && { session }) };
  return deliveries(cells.length).map((delivery, index) => ({
    ...delivery,
    destination: 'crm',
    ...text(JSON.stringify(cells[index])),
    terms,
  }));
}

const kinds = (outcomes: readonly { readonly kind: string }[]) => outcomes.map(({ kind }) => kind);

describe('rows of an audience', () => {
  test('are added and removed, each request in a complete session of its own', async () => {
    const { url, sandbox, sink } = await setUp();
    expect(kinds(await sink.send(rows([['a'], ['b']]), never))).toEqual(['delivered', 'delivered']);
    expect(kinds(await sink.send(rows([['a']], { operation: 'remove' }), never))).toEqual(['delivered']);
    expect([...sandbox.state.members('120')]).toEqual(['b']);
    const sessions = await fetch(`${url}/v26.0/120/sessions`, {
      headers: { authorization: 'Bearer EAAtoken123' },
    });
    const { data } = (await sessions.json()) as { data: readonly { session_id: string }[] };
    expect(new Set(data.map(({ session_id }) => session_id)).size).toBe(2);
    for (const { session_id } of data) expect(session_id).toMatch(/^[1-9]\d{0,15}$/);
  });

  test('that are invalid are rejected one by one, with the reason of Meta; the others are in', async () => {
    const { sandbox, sink } = await setUp();
    const outcomes = await sink.send(rows([['a'], [''], ['c']]), never);
    expect(outcomes).toMatchObject([
      { kind: 'delivered' },
      {
        kind: 'rejected',
        failure: { code: 'AUDIENCE_ROW_INVALID', message: expect.stringMatching(/empty external ID/) },
      },
      { kind: 'delivered' },
    ]);
    expect(sandbox.state.members('120').size).toBe(2);
  });

  test('DELIVERY 24: that may not be sent in the last moment are not, and no outcome is called ambiguous', async () => {
    const { sink, sandbox, allowed } = await setUp();
    allowed.toSend = false;
    const [outcome] = await sink.send(rows([['u-1']]), never);
    expect(outcome).toMatchObject({ kind: 'retryable', ambiguous: false, failure: { code: withheldCode } });
    expect(sandbox.state.members('120').size).toBe(0);
  });

  test('rule 26: of which more are invalid than Meta shows are to be sent again in halves', async () => {
    const { sink, switchTo } = await setUp();
    const bad = Array.from({ length: 150 }, (_, index) => `bad-${index}`);
    await switchTo('audiences/120', { invalid: { values: bad, reason: 'no' } });
    const outcomes = await sink.send(rows([...bad.map((id) => [id]), ['good']]), never);
    expect(outcomes.filter(({ kind }) => kind === 'rejected')).toHaveLength(100);
    const open = outcomes.filter(({ kind }) => kind === 'retryable');
    expect(open).toHaveLength(51);
    expect(open[0]).toMatchObject({ halve: true, ambiguous: false });
  });

  test('rule 12: are not delivered when Meta counts fewer than were sent', async () => {
    const { sink, switchTo } = await setUp();
    await switchTo('faults', { kind: 'events_received', value: 1, times: 1 });
    const outcomes = await sink.send(rows([['a'], ['b']]), never);
    expect(outcomes).toMatchObject([{ kind: 'retryable', ambiguous: true }, { kind: 'retryable' }]);
  });

  test('rule 25: are sent in the session that the user gave, and refused after 80 minutes', async () => {
    const { sink, clock } = await setUp();
    const session = { id: '9007199254740993', sequence: 1, last: false, rows: 1 };
    expect(kinds(await sink.send(rows([['a']], { session }), never))).toEqual(['delivered']);
    await clock.advance(81 * 60_000);
    const outcomes = await sink.send(rows([['b']], { session: { ...session, sequence: 2 } }), never);
    expect(outcomes).toMatchObject([{ kind: 'rejected', failure: { code: 'SESSION_TOO_OLD' } }]);
  });
});

describe('a session that the user numbers', () => {
  const session = { id: '5', sequence: 1, last: true, rows: 1 };
  const add = (name: string, more: object = {}) => rows([[name]], { session: { ...session, ...more } });
  const remove = (name: string) => rows([[name]], { operation: 'remove', session });

  test('never serves additions and removals: the later list is refused, and the next one goes', async () => {
    const { sink, sandbox } = await setUp();
    expect(kinds(await sink.send(add('a'), never))).toEqual(['delivered']);
    expect(await sink.send(remove('a'), never)).toMatchObject([
      { kind: 'rejected', failure: { code: 'SESSION_REUSED' } },
    ]);
    expect(kinds(await sink.send(rows([['b']]), never))).toEqual(['delivered']);
    expect([...sandbox.state.members('120')].sort()).toEqual(['a', 'b']);
  });

  test('what comes after its last list goes in sessions of our own, with one warning', async () => {
    const { sink, sandbox, telemetry } = await setUp();
    for (const name of ['a', 'b', 'c']) expect(kinds(await sink.send(add(name), never))).toEqual(['delivered']);
    expect(sandbox.state.members('120').size).toBe(3);
    expect(telemetry.events.filter(({ kind }) => kind === 'warning')).toMatchObject([{ code: 'SESSION_FINISHED' }]);
  });

  test('also when another process has finished it, or has used it for the opposite', async () => {
    const { sink, sandbox, another } = await setUp();
    await another().send(add('a'), never);
    expect(kinds(await sink.send(add('b'), never))).toEqual(['delivered']);
    expect(kinds(await another().send(remove('a'), never))).toEqual(['delivered']);
    expect([...sandbox.state.members('120')]).toEqual(['b']);
  });

  test('is not blamed for the invalid rows of its earlier lists, which Meta counts again', async () => {
    const { sink, sandbox } = await setUp();
    const first = rows([['a'], ['']], { session: { ...session, last: false, rows: 2 } });
    expect(kinds(await sink.send(first, never))).toEqual(['delivered', 'rejected']);
    expect(kinds(await sink.send(add('b', { sequence: 2 }), never))).toEqual(['delivered']);
    const bad = add('', { sequence: 3 });
    expect(await sink.send(bad, never)).toMatchObject([
      { kind: 'rejected', failure: { reason: expect.stringMatching(/empty/) } },
    ]);
    expect([...sandbox.state.members('120')].sort()).toEqual(['a', 'b']);
  });

  test('has a list again that Meta has counted without an answer, and it is delivered', async () => {
    const { sink, sandbox, switchTo, telemetry } = await setUp();
    await switchTo('faults', { kind: 'reset_after', times: 1 });
    expect(await sink.send(add('a', { last: false }), never)).toMatchObject([{ kind: 'retryable', ambiguous: true }]);
    expect(kinds(await sink.send(add('a', { last: false }), never))).toEqual(['delivered']);
    expect(kinds(await sink.send(add('b', { sequence: 2, last: false }), never))).toEqual(['delivered']);
    expect([...sandbox.state.members('120')].sort()).toEqual(['a', 'b']);
    expect(telemetry.events.filter(({ kind }) => kind === 'warning')).toEqual([]);
  });

  test('a list is not lost that comes after Meta has ended the session, which another process began', async () => {
    let now = 1_790_000_000_000;
    const { sink, sandbox, another } = await setUp({ now: () => now });
    await another().send(add('a', { last: false }), never);
    now += 91 * 60_000;
    expect(kinds(await sink.send(add('b', { sequence: 2 }), never))).toEqual(['delivered']);
    expect([...sandbox.state.members('120')].sort()).toEqual(['a', 'b']);
  });

  test('is as old as it is, and not as the time of day says', async () => {
    const { sink, sandbox, clock } = await setUp();
    const list = (name: string, sequence: number) => add(name, { sequence, last: false, asGiven: true });
    expect(kinds(await sink.send(list('a', 1), never))).toEqual(['delivered']);
    clock.setBack(-2 * 60 * 60_000);
    expect(kinds(await sink.send(list('b', 2), never))).toEqual(['delivered']);
    clock.setBack(4 * 60 * 60_000);
    await clock.advance(81 * 60_000);
    expect(await sink.send(list('c', 3), never)).toMatchObject([{ failure: { code: 'SESSION_TOO_OLD' } }]);
    expect([...sandbox.state.members('120')].sort()).toEqual(['a', 'b']);
  });

  test('as-given: keeps its number, and Meta says that it is over, with advice for a list', async () => {
    const { sink } = await setUp();
    await sink.send(add('a', { asGiven: true }), never);
    const [outcome] = await sink.send(add('b', { asGiven: true }), never);
    expect(outcome).toMatchObject({ kind: 'rejected', failure: { code: 'META_2650_1870159' } });
    expect(outcome?.kind === 'rejected' && outcome.failure.fix).toMatch(/new session id/);
  });
});

describe('rows that replace all others', () => {
  const replacing = (cells: readonly (readonly unknown[])[]) => {
    const [first] = rows(cells, { operation: 'replace' });
    if (first?.terms === undefined) throw new Error('no rows');
    const body = cells.map((row) => JSON.stringify(row)).join(',');
    return [{ ...first, ...text(body), terms: { ...first.terms, rows: cells.length } }];
  };

  test('are one delivery, of which the invalid ones are named', async () => {
    const { sandbox, sink, switchTo } = await setUp();
    await sink.send(rows([['old'], ['kept']]), never);
    await switchTo('audiences/120', { invalid: { values: ['bad'], reason: 'not to our liking' } });
    const [outcome] = await sink.send(replacing([['kept'], ['bad'], ['new']]), never);
    expect(outcome).toMatchObject({ kind: 'delivered', rows: { received: 3, invalid: 1 } });
    const named = outcome?.kind === 'delivered' ? outcome.rows?.named : undefined;
    expect([...(named ?? [])]).toMatchObject([
      ['["bad"]', { code: 'AUDIENCE_ROW_INVALID', message: expect.stringMatching(/: reason [0-9a-f]{8}/) }],
    ]);
    expect([...sandbox.state.members('120')].sort()).toEqual(['kept', 'new']);
  });

  test('rule 12: are not delivered when Meta counts fewer than were sent', async () => {
    const { sink, switchTo } = await setUp();
    await switchTo('faults', { kind: 'events_received', value: 1, times: 1 });
    expect(await sink.send(replacing([['a'], ['b']]), never)).toMatchObject([{ kind: 'retryable', ambiguous: true }]);
  });

  test('rule 31: wait while another replacement runs', async () => {
    const { sink, switchTo } = await setUp();
    await switchTo('audiences/120', { operation_status: 414 });
    const outcomes = await sink.send(replacing([['a']]), never);
    expect(outcomes).toMatchObject([{ kind: 'retryable', failure: { code: 'META_2650_1870145' } }]);
  });
});

describe('errors of audiences', () => {
  test.each<[string, string, object, string, RegExp]>([
    ['terms of custom audiences', 'accounts/77', { terms: 'custom_audience' }, 'META_200_1870090', /act=77\./],
    ['terms of business tools', 'accounts/77', { terms: 'business_tools' }, 'META_200_1870092', /act=77\./],
    ['old terms', 'accounts/77', { terms: 'website' }, 'META_2663', /accept the terms at https:.*act=77\./],
    ['no business', 'accounts/77', { in_business: false }, 'META_200_1870050', /to a business at https:\/\/business/],
    ['no permission', 'accounts/77', { access: 'no_permission' }, 'META_200', /system user .* https:.*ads_management/],
    ['development access', 'accounts/77', { access: 'development' }, 'META_270', /full access.*https:/],
    ['no access', 'accounts/77', { access: 'none' }, 'META_100_33', /Check the id/],
    [
      'flagged',
      'audiences/120',
      { flagged: true },
      'META_100_1713230',
      /https:.*adsmanager\/audiences and ask for a review/,
    ],
    ['not shared', 'audiences/120', { shared: false }, 'META_1487301', /https:.*adsmanager/],
    ['deleted', 'audiences/120', { deleted: true }, 'META_1487366', /another audience/],
    ['token expired', 'faults', { kind: 'token_expired' }, 'META_190_463', /system user token at https:/],
  ])('%s: blocked, with the cause and the fix', async (_, path, value, code, fix) => {
    const { sink, switchTo } = await setUp();
    await switchTo(path, value);
    const [outcome] = await sink.send(rows([['a']]), never);
    expect(outcome).toMatchObject({
      kind: 'blocked',
      failure: { code: expect.stringMatching(`^${code}|^META_100_148`) },
    });
    expect(outcome?.kind === 'blocked' && outcome.failure.fix).toMatch(fix);
  });

  // META.md 3.7 and the codes of section 4 that calls about audiences meet.
  test.each<[string, number, number | undefined, 'blocked' | 'retryable' | 'rejected', RegExp, RegExp]>([
    ['terms', 200, 1870090, 'blocked', /terms of custom audiences/, /https:.*tos\/\?act=77/],
    ['terms', 200, 1870034, 'blocked', /terms of custom audiences/, /https:.*tos\/\?act=77/],
    ['business terms', 200, 1870092, 'blocked', /business tools terms/, /https:.*tos\/\?act=77/],
    ['terms of websites', 2663, undefined, 'blocked', /terms of custom audiences/, /https:.*tos\/\?act=77/],
    ['older terms', 2664, undefined, 'blocked', /terms of custom audiences/, /https:.*tos\/\?act=77/],
    ['oldest terms', 2655, undefined, 'blocked', /terms of custom audiences/, /https:.*tos\/\?act=77/],
    ['no business', 200, 1870050, 'blocked', /linked to no business/, /https:.*ad-accounts/],
    ['no permission', 200, undefined, 'blocked', /may not do this/, /https:.*system-users.*ads_management/],
    ['no permission of the app', 10, undefined, 'blocked', /no permission/, /https:.*system-users/],
    ['no ads_management', 294, undefined, 'blocked', /ads_management/, /https:.*system-users/],
    ['development access', 270, undefined, 'blocked', /development access/, /https:.*apps/],
    ['no access', 100, 33, 'blocked', /does not exist, or the token has no access/, /Check the id/],
    ['upload blocked', 100, 1713230, 'blocked', /flagged/, /https:.*audiences and ask for a review/],
    ['flagged', 100, 1713231, 'blocked', /flagged/, /https:.*audiences and ask for a review/],
    ['flagged otherwise', 100, 1713228, 'blocked', /flagged/, /https:.*audiences and ask for a review/],
    ['bad rule', 100, 1713098, 'blocked', /rule/, /https:/],
    ['no right to write', 2654, 1713092, 'blocked', /may not write/, /customer list/],
    ['no customer list', 2654, undefined, 'blocked', /may not write/, /customer list/],
    ['in use', 2656, undefined, 'blocked', /lookalike/, /https:/],
    ['not shared', 1487301, undefined, 'blocked', /not shared/, /https:/],
    ['deleted', 1487366, undefined, 'blocked', /deleted/, /another audience/],
    ['token expired', 190, 463, 'blocked', /expired/, /https:.*system-users/],
    ['token refused', 190, undefined, 'blocked', /access token/, /https:.*system-users/],
    ['old version', 2635, undefined, 'blocked', /version/, /api_version/],
    ['replacement under way', 2650, 1870145, 'retryable', /being replaced/, /waits/],
    ['replacement went wrong', 2650, 1870148, 'retryable', /went wrong/, /audiences replace/],
    ['update failed', 2650, undefined, 'retryable', /could not update/, /again by itself.*https:.*name another/],
    ['replacement too large', 2650, 1870144, 'blocked', /100 million/, /instead of replacing/],
    ['replacement without its first batch', 2650, 1870147, 'rejected', /first batch/, /audiences replace/],
    ['replacement timed out', 2650, 1870158, 'rejected', /90 minutes/, /audiences replace/],
    ['replacement finished', 2650, 1870159, 'rejected', /last batch/, /audiences replace/],
  ])('%s (%s/%s): %s, with the cause and the fix', async (_, code, subcode, kind, cause, fix) => {
    const { sink, switchTo } = await setUp();
    await switchTo('faults', { kind: 'graph_error', code, ...(subcode && { subcode }), match: { path: '/users' } });
    const [outcome] = await sink.send(rows([['a']]), never);
    expect(outcome).toMatchObject({
      kind,
      failure: {
        code: ['META', code, ...(subcode === undefined ? [] : [subcode])].join('_'),
        message: expect.stringMatching(cause),
        fix: expect.stringMatching(fix),
      },
    });
  });

  test('an audience that is gone: the fault of the events that brought its id, and of nobody else', async () => {
    const { sink, switchTo } = await setUp();
    await switchTo('faults', { kind: 'graph_error', code: 100, subcode: 33, match: { path: '/users' } });
    const [ofMapping, ofEvent] = rows([['a'], ['b']]);
    if (ofMapping === undefined || ofEvent === undefined) throw new Error('two rows');
    const outcomes = await sink.send([ofMapping, { ...ofEvent, fromEvent: true }], never);
    expect(outcomes).toMatchObject([
      { kind: 'blocked', failure: { code: 'META_100_33' } },
      { kind: 'rejected', failure: { code: 'META_100_33', fix: expect.stringContaining('where the event') } },
    ]);
  });

  test('no access for everybody: blocks, whoever brought the id', async () => {
    const { sink, switchTo } = await setUp();
    await switchTo('faults', { kind: 'token_expired', match: { path: '/users' } });
    const outcomes = await sink.send(
      rows([['a']]).map((row) => ({ ...row, fromEvent: true })),
      never,
    );
    expect(kinds(outcomes)).toEqual(['blocked']);
  });

  test('a replacement under way: waits', async () => {
    const { sink, switchTo } = await setUp();
    await switchTo('audiences/120', { operation_status: 414 });
    expect(kinds(await sink.send(rows([['a']]), never))).toEqual(['retryable']);
  });

  test('too many calls: throttled for audiences of the ad account', async () => {
    const { sink, switchTo } = await setUp();
    await switchTo('faults', { kind: 'throttle', code: 80003, regainMinutes: 2 });
    expect(await sink.send(rows([['a']]), never)).toMatchObject([
      { kind: 'throttled', scope: 'account:act_77/custom_audience', waitMillis: 120_000 },
    ]);
  });
});

describe('the search for an audience', () => {
  const named = (name: string, create = true): AudienceTarget => ({
    kind: 'name',
    name,
    adAccountId: 'act_77',
    ...(create && { create: { customerFileSource: 'USER_PROVIDED_ONLY', valueBased: false } }),
  });

  test('finds a name on the last of many pages', async () => {
    const many = Array.from({ length: 230 }, (_, index) => ({
      id: String(1000 + index),
      accountId: '77',
      name: `n${index}`,
    }));
    const { directory } = await setUp({ audiences: many });
    expect(await directory().find(caller, named('n0'), never)).toMatchObject({ kind: 'found', id: '1000' });
    expect(await directory().find(caller, named('n229'), never)).toMatchObject({ kind: 'found', id: '1229' });
  });

  test('rule 29: creates what is not there, once', async () => {
    const { sandbox, directory } = await setUp();
    const first = await directory().find(caller, named('new'), never);
    const second = await directory().find(caller, named('new'), never);
    expect(first).toMatchObject({ kind: 'found' });
    expect(second).toEqual(first);
    expect(sandbox.state.audiences().filter(({ name }) => name === 'new')).toHaveLength(1);
  });

  test('rule 29: processes that create at the same moment take the same one', async () => {
    const { sandbox, directory, switchTo } = await setUp();
    await switchTo('accounts/77', { fetch_or_create: false });
    const found = await Promise.all([1, 2, 3].map(() => directory().find(caller, named('new'), never)));
    expect(new Set(found.map((one) => (one.kind === 'found' ? one.id : one.kind))).size).toBe(1);
    expect(sandbox.state.audiences().filter(({ name }) => name === 'new').length).toBeGreaterThan(1);
  });

  test('rule 29: does not create again when the answer got lost', async () => {
    const { sandbox, directory, switchTo } = await setUp();
    await switchTo('faults', { kind: 'reset_after', times: 1, match: { method: 'POST' } });
    expect(await directory().find(caller, named('new'), never)).toMatchObject({ kind: 'found' });
    expect(sandbox.state.audiences().filter(({ name }) => name === 'new')).toHaveLength(1);
  });

  test('tells that an audience is value-based', async () => {
    const audiences = [{ id: '9', accountId: '77', name: 'worth', isValueBased: true }];
    const { directory } = await setUp({ audiences });
    const target = { kind: 'id', id: '9' } as const;
    expect(await directory().find(caller, target, never)).toEqual({ kind: 'found', id: '9', valueBased: true });
  });

  test.each<[string, string, object, string]>([
    ['flagged', 'blocked', { flagged: true }, 'AUDIENCE_FLAGGED'],
    ['in replacement', 'retryable', { operation_status: 414 }, 'AUDIENCE_IN_REPLACEMENT'],
  ])('of one that is %s ends in %s', async (_, kind, value, code) => {
    const { directory, switchTo } = await setUp();
    await switchTo('audiences/120', value);
    expect(await directory().find(caller, named('gold'), never)).toMatchObject({ kind, failure: { code } });
  });

  test.each<[string, AudienceTarget, string]>([
    ['of another kind', { kind: 'id', id: '5' }, 'AUDIENCE_NOT_A_CUSTOMER_LIST'],
    ['of a name that several have', named('twice'), 'AUDIENCE_NAME_AMBIGUOUS'],
    ['that may not be created', named('nobody', false), 'AUDIENCE_NOT_FOUND'],
  ])('for one %s is blocked', async (_, target, code) => {
    const audiences = [
      { id: '5', accountId: '77', name: 'visitors', subtype: 'WEBSITE' },
      { id: '6', accountId: '77', name: 'twice' },
      { id: '7', accountId: '77', name: 'twice' },
    ];
    const { directory } = await setUp({ audiences });
    expect(await directory().find(caller, target, never)).toMatchObject({ kind: 'blocked', failure: { code } });
  });

  test('ends where pages lead around in a circle', async () => {
    const page = (id: number, after: string) => ({
      data: [{ id: String(id), name: `n${id}` }],
      paging: { cursors: { after }, next: 'https://…' },
    });
    const graph = await scriptedGraph((_request, response, number) =>
      // What goes on for longer than three pages ends with an error.
      number > 3 ? answerJson(response, 400, {}) : answerJson(response, 200, page(number, number === 2 ? 'B' : 'A')),
    );
    cleanups.push(() => graph.close());
    const client = graphClient({ baseUrl: graph.url });
    cleanups.push(() => client.close());
    const directory = audienceDirectory({ client, lane: 'audience', clock: virtualClock(), telemetry: recorder() });
    expect(await directory.find(caller, named('gold', false), never)).toMatchObject({
      failure: { code: 'AUDIENCE_NOT_FOUND' },
    });
    expect(graph.requests).toHaveLength(3);
  });

  test('takes no answer of a proxy for the end of the list, and makes nothing', async () => {
    const page = { data: [{ id: '1', name: 'silver' }], paging: { cursors: { after: 'A' }, next: 'https://…' } };
    const graph = await scriptedGraph((_request, response, number) =>
      number === 1 ? answerJson(response, 200, page) : answerJson(response, 200, { login: 'please' }),
    );
    cleanups.push(() => graph.close());
    const client = graphClient({ baseUrl: graph.url });
    cleanups.push(() => client.close());
    const directory = audienceDirectory({ client, lane: 'audience', clock: virtualClock(), telemetry: recorder() });
    expect(await directory.find(caller, named('gold'), never)).toMatchObject({
      kind: 'blocked',
      failure: { code: 'HTTP_200', fix: expect.stringContaining('proxy') },
    });
    expect(graph.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });
});
