import { describe, expect, it } from 'vitest';
import { account, audienceId, emailHash, row, schema, startAudiences } from '../audience-client.ts';

const first = { session_id: 7, batch_seq: 1, last_batch_flag: false };
const minuteMillis = 60_000;

async function status(client: Awaited<ReturnType<typeof startAudiences>>): Promise<number> {
  const { json } = await client.graph('GET', `/${audienceId}?fields=operation_status`);
  return json.operation_status.code;
}

describe('replacing', () => {
  it('swaps the users when the last batch has come, and is 414 until then', async () => {
    const client = await startAudiences();
    const { add, replace, members } = client;
    await add([row('ada'), row('bob')]);
    const begun = await replace([row('bob')], first);
    expect(begun.json).toMatchObject({ audience_id: audienceId, session_id: '7', num_received: 1 });
    expect([await status(client), members()]).toEqual([414, ['ada', 'bob']]);
    const done = await replace([row('eve'), ['bad', 'x']], { ...first, batch_seq: 2, last_batch_flag: true });
    expect(done.json).toMatchObject({ num_received: 3, num_invalid_entries: 1 });
    expect([await status(client), members()]).toEqual([200, ['bob', 'eve']]);
  });

  it('may be one batch, and may be done again with another session', async () => {
    const client = await startAudiences();
    await client.replace([row('ada')], { ...first, last_batch_flag: true });
    expect([await status(client), client.members()]).toEqual([200, ['ada']]);
    await client.replace([row('bob')], { ...first, session_id: 8, last_batch_flag: true });
    expect(client.members()).toEqual(['bob']);
  });

  it('lets batches after the first repeat and come in any order', async () => {
    const { replace, members } = await startAudiences();
    await replace([row('a')], first);
    for (const batch_seq of [3, 2, 3]) {
      expect((await replace([row(`b-${batch_seq}`)], { ...first, batch_seq })).status).toBe(200);
    }
    await replace([row('z')], { ...first, batch_seq: 4, last_batch_flag: true });
    expect(members()).toEqual(['a', 'b-2', 'b-3', 'z']);
  });

  it('needs a session (194)', async () => {
    const { replace } = await startAudiences();
    expect((await replace([row('ada')])).json.error.code).toBe(194);
  });

  it.each([
    ['a batch before the first (1870147)', [{ ...first, batch_seq: 2 }], 1870147],
    ['the first batch twice (1870145)', [first, first], 1870145],
    ['another session meanwhile (1870145)', [first, { ...first, session_id: 8 }], 1870145],
    ['a batch of another session meanwhile (1870145)', [first, { ...first, session_id: 8, batch_seq: 2 }], 1870145],
    [
      'a batch after the last (1870159)',
      [
        { ...first, last_batch_flag: true },
        { ...first, batch_seq: 2 },
      ],
      1870159,
    ],
  ])('refuses %s', async (_title, sessions, subcode) => {
    const { replace } = await startAudiences();
    const replies = [];
    for (const session of sessions) replies.push(await replace([row('ada')], session));
    const last = replies.pop();
    expect(replies.map((reply) => reply.status)).toEqual(replies.map(() => 200));
    expect(last?.status).toBe(400);
    expect(last?.json.error).toMatchObject({
      code: 2650,
      error_subcode: subcode,
      error_user_title: expect.any(String),
    });
  });

  it('lets nobody add or remove meanwhile (1870145)', async () => {
    const { add, remove, replace, members } = await startAudiences();
    await add([row('ada')]);
    await replace([row('bob')], first);
    for (const reply of [await add([row('eve')]), await remove([row('ada')])]) {
      expect(reply.json.error).toMatchObject({ code: 2650, error_subcode: 1870145 });
    }
    expect(members()).toEqual(['ada']);
  });

  it('ends 90 minutes after its first batch with what had come, as failed (415, 1870158)', async () => {
    const client = await startAudiences();
    const { add, replace, pass, members } = client;
    await add([row('ada')]);
    await replace([row('bob')], first);
    pass(90 * minuteMillis);
    expect((await replace([row('eve')], { ...first, batch_seq: 2 })).status).toBe(200);
    expect(await status(client)).toBe(414);
    pass(1);
    expect([await status(client), members()]).toEqual([415, ['bob', 'eve']]);
    const late = await replace([row('max')], { ...first, batch_seq: 3 });
    expect(late.json.error).toMatchObject({ code: 2650, error_subcode: 1870158 });
    expect((await add([row('max')])).status).toBe(200);
    await replace([row('new')], { ...first, session_id: 8, last_batch_flag: true });
    expect([await status(client), members()]).toEqual([200, ['new']]);
  });

  it('without a last batch is complete when the estimated number came', async () => {
    const client = await startAudiences();
    await client.replace([row('ada')], { ...first, estimated_num_total: 2 });
    await client.replace([row('bob')], { ...first, batch_seq: 2, estimated_num_total: 2 });
    client.pass(91 * minuteMillis);
    expect([await status(client), client.members()]).toEqual([200, ['ada', 'bob']]);
  });

  it('takes one schema in all batches', async () => {
    const { replace, graph, members } = await startAudiences();
    await replace([row('ada')], first);
    const payload = { schema: ['EMAIL'], data: [[emailHash('bob')]] };
    const session = { ...first, batch_seq: 2, last_batch_flag: true };
    const { json } = await graph('POST', `/${audienceId}/usersreplace`, { payload, session });
    expect(json.error.code).toBe(100);
    const other = { payload, session: { ...first, session_id: 8 } };
    expect((await graph('POST', `/${audienceId}/usersreplace`, other)).json.error.error_subcode).toBe(1870145);
    await replace([row('bob')], session);
    expect(members()).toEqual(['ada', 'bob']);
  });

  it('does not mix value-based and other audiences', async () => {
    const { graph, admin } = await startAudiences();
    await admin('/audiences/5', { account_id: account, is_value_based: true });
    const session = { ...first, last_batch_flag: true };
    const valued = { schema: ['EMAIL', 'LOOKALIKE_VALUE'], data: [[emailHash('ada'), 1]] };
    const plain = { schema, data: [row('ada')] };
    const send = (id: string, payload: object) => graph('POST', `/${id}/usersreplace`, { payload, session });
    expect((await send('5', plain)).json.error).toMatchObject({ code: 100 });
    expect((await send(audienceId, valued)).json.error).toMatchObject({ code: 2650 });
    expect((await send('5', valued)).status).toBe(200);
  });

  it.each([
    [{ operation_status: 414 }, { code: 2650, error_subcode: 1870145 }],
    [{ operation_status: 450 }, { code: 2650 }],
    [{ flagged: true }, { code: 100, error_subcode: 1713230 }],
    [{ approximate_count: 100_000_000 }, { code: 2650, error_subcode: 1870144 }],
  ])('does not start when the audience is %j', async (switches, error) => {
    const { replace, admin } = await startAudiences();
    await admin(`/audiences/${audienceId}`, switches);
    expect((await replace([row('ada')], first)).json.error).toMatchObject(error);
  });

  it('is given up when the status is set by hand', async () => {
    const { replace, admin, members } = await startAudiences();
    await replace([row('ada')], first);
    await admin(`/audiences/${audienceId}`, { operation_status: 200 });
    expect((await replace([row('bob')], { ...first, batch_seq: 2 })).json.error.error_subcode).toBe(1870147);
    await replace([row('eve')], { ...first, session_id: 8, last_batch_flag: true });
    expect(members()).toEqual(['eve']);
  });
});
