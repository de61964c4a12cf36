import { expect, test } from 'vitest';
import type { ShownJob } from '../../../src/api/replays/replay-jobs.ts';
import type { Call } from '../../../src/api/server/handler.ts';
import { createAnyWorker } from '../../../src/workers/console/any-worker.ts';
import { runReplays } from '../../../src/workers/console/run-replays.ts';
import type { ApiCall } from '../../../src/workers/messages.ts';
import { type FakeWorker, fakeWorker } from '../../support/fake-worker.ts';

const counts = {
  read: 0,
  selected: 0,
  replayed: 0,
  superseded: 0,
  marked: 0,
  delivered: 0,
  setAsideAgain: 0,
  leftOut: {},
};
const job: ShownJob = { id: '1', state: 'running', startedAt: 5, by: 'me', sentence: 'Running.', request: {}, counts };

const replaying = (number: number) =>
  fakeWorker(number, (_, asked) => ((asked as ApiCall).name === 'replays' ? { jobs: [job] } : job));

const call = (id = '') =>
  ({
    params: { id },
    query: undefined,
    body: {},
    caller: { who: 'me', changes: true },
    signal: new AbortController().signal,
  }) as unknown as Call<never>;

const routesOf = (workers: readonly FakeWorker[]) =>
  runReplays(
    createAnyWorker(() => workers),
    () => workers,
  );

test('a replay is asked for where it runs, by the id that it has there', async () => {
  const workers = [replaying(1), replaying(2)];
  const replays = routesOf(workers);
  expect(await replays.startReplay(call())).toMatchObject({ id: '1.1-1' });
  expect(await replays.replay(call('1.1-1'))).toMatchObject({ id: '1.1-1', state: 'running' });
  expect(workers[0]?.orders.at(-1)).toMatchObject({ asked: { name: 'replay', params: { id: '1' } } });
  expect(await replays.replays(call())).toMatchObject({ jobs: [{ id: '1.1-1' }] });
  expect(workers[1]?.orders).toEqual([]);
});

test('a replay whose process has ended has failed, and what that means is said', async () => {
  const workers = [replaying(1), replaying(2)];
  const replays = routesOf(workers);
  await replays.startReplay(call());
  const [first] = workers;
  if (first !== undefined) Object.assign(first.set, { state: 'restarting' });
  const gone = { state: 'failed', failure: { code: 'WORKER_GONE' }, sentence: expect.stringMatching(/second time/) };
  // Its next process has a replay of the same number.
  if (first !== undefined) Object.assign(first.set, { state: 'running', process: 2 });
  expect(await replays.stopReplay(call('1.1-1'))).toMatchObject({ id: '1.1-1', ...gone });
  const { jobs } = (await replays.replays(call())) as { readonly jobs: readonly ShownJob[] };
  expect(jobs.map(({ id, state }) => [id, state])).toEqual([
    ['1.1-1', 'failed'],
    ['1.2-1', 'running'],
  ]);
  expect(await replays.replay(call('7.1-1'))).toMatchObject({ refused: 404, code: 'NO_REPLAY' });
});

test('the same worker answers as long as it lives, another one when it has gone, and nobody for one that is silent', async () => {
  const workers = [replaying(1), replaying(2)];
  const any = createAnyWorker(() => workers);
  expect([any.chosen()?.number, any.chosen()?.number]).toEqual([1, 1]);
  if (workers[0] !== undefined) workers[0].set.silent = true;
  expect(await any.call('replays', call())).toMatchObject({ refused: 503, code: 'WORKER_SILENT' });
  if (workers[0] !== undefined) workers[0].set.state = 'ended';
  expect(any.chosen()?.number).toBe(2);
  if (workers[0] !== undefined) Object.assign(workers[0].set, { state: 'running', silent: false, process: 2 });
  expect(any.chosen()?.number).toBe(2);
  for (const { set } of workers) set.state = 'restarting';
  expect(await any.call('replays', call())).toMatchObject({ refused: 503, code: 'WORKER_GONE' });
});
