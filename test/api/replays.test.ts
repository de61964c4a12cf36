import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReplayJobs } from '../../src/api/replays/replay-jobs.ts';
import type { AnswerOf } from '../../src/api/server/handler.ts';
import { readSettings } from '../../src/config/environment.ts';
import { loadDestination } from '../../src/connector/load-destination.ts';
import { type ApiStage, openApiStage, shopMapping } from '../support/api-stage.ts';
import { shopEvent } from '../support/shop-event.ts';

type Job = AnswerOf<'replay'>;
type Letters = AnswerOf<'deadLetters'>;

const [orders] = shopMapping.subscriptions;
/** Orders without a total are worth something all the same. */
const mended = { ...shopMapping, subscriptions: [{ ...orders, mapping: { value: 12 } }] };

let stage: ApiStage;
beforeEach(async () => {
  stage = await openApiStage({
    events: Array.from({ length: 5 }, (_, at) => shopEvent(`lost-${at}`, { total: undefined })),
    environment: { SHUTDOWN_TIMEOUT_MS: '500', META_REQUEST_TIMEOUT_MS: '1000' },
  });
  await stage.connector.finished();
});
afterEach(() => stage.close());

async function mend(): Promise<void> {
  stage.write('shop.json', mended);
  expect(await stage.post('/reload')).toMatchObject({ applied: true });
}

const job = (id: string) => stage.get<Job>(`/replays/${id}`);
const ended = (id: string) => expect.poll(async () => (await job(id)).state);
const arrived = async () => (await (await fetch(`${stage.graph}/_sandbox/events?ids=true`)).text()).trim().split('\n');

async function fault(body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${stage.graph}/_sandbox/faults`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.ok).toBe(true);
}

describe('a replay', () => {
  it('shows what it would do by the active mappings, and sends and marks nothing', async () => {
    const before = await stage.post<AnswerOf<'previewReplay'>>('/replays/preview', {});
    expect(before).toMatchObject({ counts: { selected: 5 }, statuses: { rejected: 5 }, complete: true });
    await mend();
    const after = await stage.post<AnswerOf<'previewReplay'>>('/replays/preview', {});
    expect(after.statuses).toEqual({ ready: 5 });
    expect(after.items[0]?.body).toMatchObject({ event_name: 'Purchase', custom_data: { value: 12 } });
    const text = JSON.stringify(after);
    for (const secret of ['lost-0@example.com', '198.51.100.7', 'Mozilla/5.0']) expect(text).not.toContain(secret);
    expect(await arrived()).toEqual(['']);
  });

  it('sends dead letters again, once, and remembers them', async () => {
    await mend();
    const started = await stage.post<Job>('/replays', {});
    expect(started).toMatchObject({ state: 'running', by: 'somebody on this machine' });
    await ended(started.id).toBe('done');
    expect(await job(started.id)).toMatchObject({ counts: { replayed: 5, delivered: 5, marked: 5, setAsideAgain: 0 } });
    expect((await job(started.id)).sentence).toContain('5 accepted by Meta');
    expect(await arrived()).toHaveLength(5);
    const { letters } = await stage.get<Letters>('/dead-letters');
    expect(letters.map(({ state }) => state)).toEqual(letters.map(() => 'replayed'));
    const detail = await stage.get<AnswerOf<'deadLetter'>>(`/dead-letters/${letters[0]?.id}`);
    expect([detail.replay.state, detail.letter.replayed?.outcome]).toEqual(['replayed', 'done']);
    expect(detail.letter.replayed?.at).toBeGreaterThan(detail.letter.at);
    expect((await stage.get<AnswerOf<'deadLetterGroups'>>('/dead-letters/groups?state=open')).groups).toEqual([]);
    const again = await stage.post<Job>('/replays', {});
    await ended(again.id).toBe('done');
    expect((await job(again.id)).counts).toMatchObject({ replayed: 0, leftOut: { already_replayed: 5 } });
    expect(await arrived()).toHaveLength(5);
    expect((await stage.get<AnswerOf<'replays'>>('/replays')).jobs.map(({ id }) => id)).toEqual([again.id, started.id]);
  });

  it('takes the dead letters that are asked for, and sets aside again what is rejected again', async () => {
    const { letters } = await stage.get<AnswerOf<'deadLetters'>>('/dead-letters');
    const some = await stage.post<Job>('/replays', { ids: [letters[0]?.id, letters[3]?.id] });
    await ended(some.id).toBe('done');
    expect((await job(some.id)).counts).toMatchObject({ replayed: 2, setAsideAgain: 2 });
    const after = await stage.get<AnswerOf<'deadLetters'>>('/dead-letters');
    expect(after.letters.map(({ replays }) => replays)).toEqual([1, 1, 0, 0, 0, 0, 0]);
    const [open, replayed] = await Promise.all(
      (['open', 'replayed'] as const).map((state) => stage.get<Letters>(`/dead-letters?state=${state}`)),
    );
    expect(open?.letters.map(({ replays, state }) => [replays, state])).toEqual([
      ...[1, 1].map((replays) => [replays, 'open']),
      ...[0, 0, 0].map((replays) => [replays, 'open']),
    ]);
    expect(replayed?.letters.map(({ id }) => id)).toEqual([letters[0]?.id, letters[3]?.id]);
    expect(replayed?.letters[0]).toMatchObject({ state: 'replayed', replayed: { times: 1, outcome: 'refused' } });
    const none = await stage.post<Job>('/replays', { filter: { code: 'EVENT_TOO_OLD' } });
    await ended(none.id).toBe('done');
    expect((await job(none.id)).counts).toMatchObject({ selected: 0 });
  });

  it('is refused while another one runs, and can be stopped', async () => {
    await mend();
    await fault({ kind: 'hang' });
    const [first, second] = await Promise.all([
      stage.ask<Job>('/replays', { method: 'POST' }),
      stage.ask<{ code: string }>('/replays', { method: 'POST' }),
    ]);
    expect([first.status, second.status].toSorted()).toEqual([201, 409]);
    const { id } = first.status === 201 ? first.body : (second.body as unknown as Job);
    expect((await stage.ask('/replays', { method: 'POST' })).status).toBe(409);
    expect((await stage.post<Job>(`/replays/${id}/stop`)).state).toBe('stopping');
    await ended(id).toBe('stopped');
    expect((await job(id)).counts.marked).toBe(0);
    await fetch(`${stage.graph}/_sandbox/faults`, { method: 'DELETE' });
    const again = await stage.post<Job>('/replays', {});
    await ended(again.id).toBe('done');
    expect((await job(again.id)).counts.delivered).toBe(5);
  });

  it('ends when its process is asked to, and does not wait until that has settled everything else', async () => {
    await mend();
    await fault({ kind: 'hang' });
    const path = join(stage.folder, 'copied.ndjson');
    copyFileSync(join(stage.folder, 'events.ndjson.dead-letters.ndjson'), path);
    const environment = {
      ...{ META_GRAPH_URL: stage.graph, META_ACCESS_TOKEN: 'test-access-token', NO_PROXY: '*' },
      ...{ LOG_LEVEL: 'silent', SHUTDOWN_TIMEOUT_MS: '100' },
    };
    const shop = await loadDestination(join(stage.folder, 'mappings', 'shop.json'), { environment });
    let isStopping = false;
    const jobs = createReplayJobs(Date.now, () => isStopping);
    const { id } = jobs.start(
      {
        ...{ settings: readSettings(environment), destinations: [shop], deadLetters: `file:${path}` },
        ...{ matches: () => true, limit: Number.POSITIVE_INFINITY, sources: [], force: false },
      },
      {},
      'somebody',
    );
    expect(jobs.of(id)?.state).toBe('running');
    isStopping = true;
    await expect.poll(() => jobs.of(id)?.state, { timeout: 20_000 }).toBe('stopped');
  });

  it('stops when Meta blocks it, and says why', async () => {
    await mend();
    await fault({ kind: 'token_expired' });
    const started = await stage.post<Job>('/replays', {});
    await ended(started.id).toBe('failed');
    expect((await job(started.id)).failure?.message).toMatch(/token/i);
    expect((await job(started.id)).counts.marked).toBe(0);
  });

  it('sends nothing of a destination that is paused', async () => {
    await stage.post('/destinations/shop/pause');
    expect(await stage.ask('/replays', { method: 'POST' })).toMatchObject({
      status: 409,
      body: { code: 'LANE_PAUSED' },
    });
  });

  it('must name dead letters that there are', async () => {
    expect((await stage.ask('/replays', { method: 'POST', body: { ids: ['0.99999'] } })).status).toBe(400);
    expect((await stage.ask('/replays', { method: 'POST', body: { ids: 'all' } })).status).toBe(400);
    expect((await stage.ask('/replays/99')).status).toBe(404);
    expect((await stage.ask('/replays/99/stop', { method: 'POST' })).status).toBe(404);
  });
});
