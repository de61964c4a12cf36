import { expect } from 'vitest';
import { problemsOf } from '../stage.ts';
import { lists, members, order, type Scene, scene, shop } from './scene.ts';

type Members = Readonly<Record<string, unknown>>;

/** A file that is refused before anything runs, at its place and with what to do. */
const refusedFile = (destination: Members, code: string, fix: RegExp, sound: Members): Scene =>
  scene(async () => {
    const errors = problemsOf(destination).filter(({ severity }) => severity === 'error');
    expect(errors.map((problem) => problem.code)).toEqual([code]);
    expect(`${errors[0]?.message} ${errors[0]?.fix}`).toMatch(fix);
    expect(errors[0]?.line).toBeGreaterThan(0);
    expect(problemsOf(sound)).toEqual([]);
  });

export const settings: Readonly<Record<string, Scene>> = {
  'a token is asked for, and sent in the header': scene(async (stage) => {
    const access_token = { $env: 'A_TOKEN_THAT_IS_NOT_SET' };
    const refused = await stage.command(shop({ access_token }), 'run', '--source', 'file:/dev/null', '--once');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('A_TOKEN_THAT_IS_NOT_SET');
    const { requests } = await stage.send(shop(), [order('1')]);
    expect(requests).toMatchObject([{ authorized: true, status: 200 }]);
    expect(stage.sandbox.state.requests().some(({ tokenInUrl }) => tokenInUrl)).toBe(false);
  }),
  'a pixel id is asked for': refusedFile(
    { ...shop(), settings: { access_token: { $env: 'META_ACCESS_TOKEN' } } },
    'PIXEL_MISSING',
    /add "pixel_id"/,
    shop(),
  ),
  'an ad account is asked for beside a name': refusedFile(
    { ...members({}, { audience_name: 'Gold' }), settings: { access_token: { $env: 'META_ACCESS_TOKEN' } } },
    'AD_ACCOUNT_MISSING',
    /ad_account_id/,
    members({}, { audience_name: 'Gold' }),
  ),
  'a schema field is asked for': refusedFile(
    lists({}, { audience_id: '120', schema_fields: [] }),
    'LITERAL_INVALID',
    /empty list/,
    lists({}, { audience_id: '120', schema_fields: ['EMAIL'] }),
  ),
  'a schema field that is none is refused': refusedFile(
    lists({}, { audience_id: '120', schema_fields: ['EMAIL', 'SHOE_SIZE'] }),
    'LITERAL_INVALID',
    /SHOE_SIZE/,
    lists({}, { audience_id: '120', schema_fields: ['Email', 'phone'] }),
  ),
  'a word that is no action source is refused': refusedFile(
    shop({}, { action_source: 'phone' }),
    'LITERAL_INVALID',
    /phone_call/,
    shop({}, { action_source: 'phone_call' }),
  ),
  'a destination that is switched off sends nothing': scene(async (stage) => {
    const off = { ...shop(), enabled: false };
    expect(problemsOf(off)).toEqual([]);
    const file = stage.file('orders.ndjson', `${JSON.stringify(order('1'))}\n`);
    await stage.command(off, 'run', '--source', `file:${file}`, '--once');
    expect(stage.sandbox.state.requests()).toEqual([]);
    await stage.send(shop(), [order('1')]);
    expect(stage.sandbox.state.received('1')).toBe(1);
  }),
  'a subscription that is switched off sends nothing': scene(async (stage) => {
    const subscriptions = [
      { name: 'Orders', action: 'purchase', enabled: false },
      { name: 'Leads', action: 'lead', trigger: 'event = "Order Completed"' },
    ];
    await stage.send({ ...shop(), subscriptions }, [order('1')]);
    expect(stage.sandbox.state.events().map(({ event }) => event['event_name'])).toEqual(['Lead']);
  }),
  'a test event code is told as long as it is set': scene(async (stage) => {
    const { told } = await stage.send(shop({ test_event_code: 'TEST1' }), [order('1')]);
    expect(told).toContainEqual(expect.objectContaining({ kind: 'test_event_code', marked: true }));
    const without = await stage.send(shop(), [order('2')]);
    expect(without.told.some(({ kind }) => kind === 'test_event_code')).toBe(false);
  }),
  'requirements can be enforced': scene(async (stage) => {
    const events = [order('1', { context: { page: { url: 'https://shop.example/' } } })];
    const warned = await stage.send(shop(), events);
    expect(warned.letters).toEqual([]);
    expect(warned.told).toContainEqual(expect.objectContaining({ kind: 'warned', code: 'USER_AGENT_MISSING' }));
    const enforced = await stage.send(shop({ requirements: 'enforce' }), events);
    expect(enforced.letters).toMatchObject([{ error: { code: 'USER_AGENT_MISSING' } }]);
    expect(enforced.requests).toEqual([]);
  }),
  'a command tells how data is mapped': scene(async (stage) => {
    const { code, stdout } = await stage.command(undefined, 'actions', 'purchase');
    expect(code).toBe(0);
    expect(stdout).toMatch(/currency/);
    expect(stdout).toMatch(/properties\.total|\$\.properties/);
  }),
  'a command tells how many events have each identifier': scene(async (stage) => {
    const orders = [order('1', { context: { traits: { email: 'a@shop.example' } } }), order('2')];
    const file = stage.file('orders.ndjson', orders.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const { code, stdout, stderr } = await stage.command(shop(), 'explain', file, '--summary');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/em\b.*50/);
    expect(stdout).not.toContain('shop.example');
  }),
};
