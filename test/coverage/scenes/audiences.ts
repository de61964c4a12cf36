import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { presetOf } from '../explained.ts';
import { changesIn, rowsOf } from '../stage.ts';
import { list, lists, members, person, type Scene, scene } from './scene.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const named = (name: string) => members({}, { audience_name: name });
const users = (...ids: readonly string[]) => ids.map((id) => ({ EXTERN_ID: id }));

export const audiences: Readonly<Record<string, Scene>> = {
  'an audience is created once, by its name': scene(async (stage) => {
    const people = ['u-1', 'u-2', 'u-3'].map((id) => person(id));
    await stage.send(named('Gold'), people);
    await stage.send(named('Gold'), [person('u-4')]);
    const made = stage.sandbox.state.audiences().filter(({ name }) => name === 'Gold');
    expect(made).toMatchObject([{ account_id: '77', subtype: 'CUSTOM' }]);
    expect(stage.sandbox.state.members(made[0]?.id ?? '').size).toBe(4);
  }),
  'a name is found on the last of many pages': scene(
    async (stage) => {
      await stage.send(named('No 1'), [person('u-1')]);
      expect([...stage.sandbox.state.members('1')]).toEqual(['u-1']);
      expect(stage.sandbox.state.audiences()).toHaveLength(450);
    },
    { audiences: Array.from({ length: 450 }, (_, at) => ({ id: `${at + 1}`, accountId: '77', name: `No ${at + 1}` })) },
  ),
  'changes are at Meta as soon as their batch is full or has waited': scene(async (stage) => {
    const { clean, told } = await stage.send(members(), [person('u-1'), person('u-2'), person('u-1', 'deleted')]);
    expect([...stage.sandbox.state.members('120')]).toEqual(['u-2']);
    expect(clean).toBe(true);
    expect(told).toContainEqual(expect.objectContaining({ kind: 'delivered' }));
  }),
  'everybody is replaced': scene(async (stage) => {
    await stage.send(members(), [person('u-1'), person('u-2')]);
    const file = stage.file('people.csv', 'EXTERN_ID\nu-2\nu-3\n');
    const replace = ['audiences', 'replace', '--audience', '120', '--file', file];
    const { code, stderr } = await stage.command(members(), ...replace);
    expect(code, stderr).toBe(0);
    expect([...stage.sandbox.state.members('120')].sort()).toEqual(['u-2', 'u-3']);
    const cohort = list({ operation: 'replace', users: [{ user_id: 'u-9' }] });
    const mapping = { audience_id: '120', operation: { '@path': '$.properties.operation' } };
    const { letters } = await stage.send(lists({}, mapping), [cohort]);
    expect(letters).toEqual([]);
    expect([...stage.sandbox.state.members('120')]).toEqual(['u-9']);
  }),
  'audiences are listed and made by a command': scene(async (stage) => {
    const made = await stage.command(members(), 'audiences', 'create', '--name', 'Gold');
    expect(made.code, made.stderr).toBe(0);
    const again = await stage.command(members(), 'audiences', 'create', '--name', 'Gold');
    expect(again.code).not.toBeNull();
    expect(stage.sandbox.state.audiences().filter(({ name }) => name === 'Gold')).toHaveLength(1);
    const { stdout } = await stage.command(members(), 'audiences', 'list');
    const [gold] = stage.sandbox.state.audiences().filter(({ name }) => name === 'Gold');
    expect(stdout).toMatch(new RegExp(`^${gold?.id}\\s.*Gold$`, 'm'));
    expect(stdout).toMatch(/^120\s.*Members$/m);
  }),
  'rows of a database without reverse ETL': scene(async (stage) => {
    const mapping = { audience_id: '120', external_id: { '@path': '$.properties.id' } };
    const changes = [
      { op: 'c', after: { id: 'u-1', email: 'a@shop.example' } },
      { op: 'c', after: { id: 'u-2', email: 'b@shop.example' } },
      { op: 'd', before: { id: 'u-1', email: 'a@shop.example' } },
    ];
    const { letters } = await stage.send(members({}, mapping), changes, { environment: { RECORDS: 'debezium' } });
    expect(letters).toEqual([]);
    expect([...stage.sandbox.state.members('120')]).toEqual(['u-2']);
  }),
  'a template with repeated columns': scene(async (stage) => {
    const backfill = readFileSync(presetOf('audience-backfill'), 'utf8');
    const columns = 'email,email,phone,fn,ln,zip,ct,st,country,dob,gen';
    const people = 'a@shop.example,b@shop.example,,Ann,Lind,94035,Menlo Park,CA,US,2/1/1990,F';
    const csv = `${columns}\n${people}\n`;
    for (const [file, text] of [
      ['people.csv', csv],
      ['people.txt', csv.replaceAll(',', '\t')],
    ] as const) {
      const { requests, letters } = await stage.send(backfill, text, { file, environment: { RECORDS: 'rows' } });
      expect(letters).toEqual([]);
      const rows = changesIn({ requests }).flatMap((request) => rowsOf(request));
      const person = { FN: hash('ann'), LN: hash('lind'), ZIP: hash('94035'), CT: hash('menlopark'), ST: hash('ca') };
      const born = { DOBY: hash('1990'), DOBM: hash('02'), DOBD: hash('01'), GEN: hash('f'), COUNTRY: hash('us') };
      const mails = ['a@shop.example', 'b@shop.example'];
      expect(rows).toMatchObject(mails.map((mail) => ({ EMAIL: hash(mail), ...person, ...born })));
    }
  }),
  'the session that the user gave is sent with each list': scene(async (stage) => {
    const { requests } = await stage.send(lists(), [
      list({ sessionIdAdd: 901, batchSequence: 1, lastBatchFlag: false, userListAdd: users('u-1') }),
      list({ sessionIdAdd: 901, batchSequence: 2, lastBatchFlag: true, userListAdd: users('u-2', 'u-3') }),
    ]);
    expect(changesIn({ requests }).map(({ body }) => body)).toMatchObject([
      { session: { session_id: 901, batch_seq: 1, last_batch_flag: false } },
      { session: { session_id: 901, batch_seq: 2, last_batch_flag: true } },
    ]);
  }),
  'a session that added does not remove in a later event': scene(async (stage) => {
    const { letters, blocked, clean } = await stage.send(lists(), [
      list({ sessionIdAdd: 5, userListAdd: users('u-1') }),
      list({ sessionIdDelete: 5, userListDelete: users('u-1') }),
      list({ userListAdd: users('u-2') }),
    ]);
    expect([blocked, clean]).toEqual([[], true]);
    expect(letters.map(({ error }) => error.message)).toEqual([expect.stringContaining('SESSION_REUSED')]);
    expect([...stage.sandbox.state.members('120')].sort()).toEqual(['u-1', 'u-2']);
  }),
  'three lists of one finished session': scene(async (stage) => {
    const given = (id: string) =>
      list({ sessionIdAdd: 123, lastBatchFlag: true, batchSequence: 10, userListAdd: users(id) });
    const records = [given('u-1'), given('u-02'), given('u-003')];
    const { letters, blocked, clean, told, requests } = await stage.send(lists(), records);
    expect([letters, blocked, clean]).toEqual([[], [], true]);
    expect([...stage.sandbox.state.members('120')].sort()).toEqual(['u-003', 'u-02', 'u-1']);
    expect(changesIn({ requests })[0]?.body).toMatchObject({ session: { session_id: 123 } });
    expect(told.filter((event) => event.kind === 'warning' || event.kind === 'warned')).toHaveLength(1);
    const kept = await stage.send(lists({}, { audience_id: '120', sessions: 'as-given' }), records);
    expect(kept.letters.length).toBeGreaterThan(0);
    expect(kept.blocked).toEqual([]);
  }),
  'the records of a file are at Meta once, also when it is run again': scene(async (stage) => {
    const { requests, clean } = await stage.send(members(), [person('u-1')]);
    expect([changesIn({ requests }).length, clean]).toEqual([1, true]);
    expect([...stage.sandbox.state.members('120')]).toEqual(['u-1']);
  }),
};
