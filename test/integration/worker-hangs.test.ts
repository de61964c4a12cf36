import { afterAll, expect, test } from 'vitest';
import { openSupervisorStage } from '../support/supervisor-stage.ts';

/** It says that it runs, answers every question with nothing of interest, and ends when it is told to. */
const answering = `
process.on('message', ({ kind, id }) => {
  if (kind === 'stop') process.disconnect();
  if (kind === 'ask') process.send({ kind: 'answer', id, answer: figures });
});
const figures = { metrics: [], readiness: { reasons: [], degraded: [] } };
process.send({ kind: 'started' });
`;

const stage = openSupervisorStage(answering);
afterAll(() => stage.close());

test('a worker that stands still is killed and started again', async () => {
  await stage.supervisor.start();
  const [, second] = stage.children;
  second?.kill('SIGSTOP');
  await expect.poll(() => stage.said('worker_hangs').some((line) => line.includes('"worker":2'))).toBe(true);
  await expect.poll(() => second?.signalCode).toBe('SIGKILL');
  await expect.poll(() => stage.children.length).toBeGreaterThanOrEqual(3);
  await expect.poll(() => stage.said('worker_ended').some((line) => line.includes('"worker":2'))).toBe(true);
});
