import { afterAll, beforeAll, test } from 'vitest';
import { playMainJob } from '../support/main-job.ts';
import { isOnApacheKafka } from '../support/needs.ts';
import { openStage, type Stage } from '../support/stage.ts';

/** The embedded broker keeps 5 MiB a partition, and is there for the way, not for the load. */
const count = isOnApacheKafka ? 50_000 : 3000;
let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

test(`${count} events with a connector that is killed twice: none is lost, what is invalid is set aside, and all is committed`, () =>
  playMainJob(stage, count, [0.25, 0.6]));
