import { afterEach, expect, test } from 'vitest';
import { givenUp } from '../../src/cli/run-workers.ts';
import { openSupervisorStage, type SupervisorStage } from '../support/supervisor-stage.ts';

/** A worker that runs, and then ends of something. */
const failing = `process.send({ kind: 'started' }, () => process.exit(3));`;
const neverRuns = 'process.exit(2);';

let stage: SupervisorStage;
afterEach(() => stage.close());

function supervise(script: string) {
  stage = openSupervisorStage(script);
  return stage.supervisor;
}

test('a worker that ends soon after each start ends the run, and the message says with which code', async () => {
  const run = supervise(failing);
  void run.start();
  const end = await run.gaveUp;
  expect(end).toMatchObject({ code: 3, ran: true });
  expect(() => givenUp(end)).toThrow(
    expect.objectContaining({
      code: 'WORKER_FAILS',
      message: expect.stringMatching(/^worker \d ended soon .*exit code 3:/),
    }),
  );
  expect(stage.said('worker_ended').filter((line) => line.includes(`"worker":${end.worker},`))).toHaveLength(5);
});

test('a worker that ends before it runs ends the run with its own code', async () => {
  const run = supervise(neverRuns);
  void run.start();
  const end = await run.gaveUp;
  expect(end).toEqual({ worker: 1, code: 2, ran: false });
  expect(givenUp(end)).toBe(2);
});

test('that new mappings can not be used is told by one worker, if one runs', async () => {
  const run = supervise(`
    process.send({ kind: 'started' });
    process.on('message', ({ kind, id, question, asked }) => {
      if (kind === 'ask') process.send({ kind: 'answer', id, answer: question === 'refused' && asked === 'a comma' });
      if (kind === 'stop') process.exit();
    });
  `);
  expect(await run.refused('a comma')).toBe(false);
  await run.start();
  expect(await run.refused('a comma')).toBe(true);
});
