import type { Consumer } from 'kafkajs';
import { expect, it } from 'vitest';
import { createCommitRequests } from '../../../src/kafka/consumer/commit-request.ts';

it('commits go through the newest batch, unless its consumer has crashed and another one has taken its place', async () => {
  const through: string[] = [];
  const consumer = { commitOffsets: async () => void through.push('consumer') } as unknown as Consumer;
  const requests = createCommitRequests(() => consumer);
  const send = () => requests.send([{ topic: 't', partition: 0, offset: 5 }]);
  let isRunning = true;
  const batch = {
    isRunning: () => isRunning,
    commitOffsetsIfNecessary: async () => void through.push('batch'),
  };
  await send();
  requests.use(batch);
  await send();
  isRunning = false;
  await send();
  isRunning = true;
  requests.reset();
  await send();
  expect(through).toEqual(['consumer', 'batch', 'consumer', 'consumer']);
});
