import { afterAll, beforeAll, test } from 'vitest';
import { playMainJob } from '../support/main-job.ts';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

test('from Kafka to Meta: every order arrives, what is invalid is a dead letter with its reason, and all is committed', () =>
  playMainJob(stage, 1500, []));
