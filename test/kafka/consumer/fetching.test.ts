import type { Consumer } from 'kafkajs';
import { expect, test } from 'vitest';
import { createAssignment } from '../../../src/kafka/consumer/assignment.ts';
import { createFetching, type Fetching } from '../../../src/kafka/consumer/fetching.ts';

const [first, second] = [0, 1].map((partition) => ({ topic: 'events', partition }));

/** A consumer that notes which partitions it would not fetch. */
function setUp() {
  const assignment = createAssignment();
  const stopped = new Set<number>();
  const state = { joined: true };
  const consumer = {
    pause: ([topic]: readonly { partitions: number[] }[]) =>
      topic?.partitions.forEach((each) => void stopped.add(each)),
    resume: ([topic]: readonly { partitions: number[] }[]) =>
      topic?.partitions.forEach((each) => void stopped.delete(each)),
    seek: () => undefined,
  };
  const sleeps: { millis: number; over: () => void }[] = [];
  const fetching = createFetching({
    assignment,
    joined: () => (state.joined ? (consumer as unknown as Consumer) : undefined),
    clock: {
      sleep: (millis, signal) =>
        new Promise((over) => {
          sleeps.push({ millis, over });
          signal?.addEventListener('abort', () => over());
        }),
    },
    longestWaitMillis: 500,
  });
  assignment.join(
    [first, second].flatMap((given) => given ?? []),
    false,
  );
  for (const owned of assignment.all()) owned.phase = 'reading';
  return { fetching, assignment, state, sleeps, stopped: () => [...stopped].sort() };
}

test('a partition is not fetched while it is paused, or while it is anything but read', () => {
  const { fetching, assignment, stopped } = setUp();
  fetching.pause([{ topic: 'events', partition: 0 }]);
  expect(stopped()).toEqual([0]);
  for (const owned of assignment.all()) if (owned.partition === 1) owned.phase = 'checking';
  fetching.apply();
  expect(stopped()).toEqual([0, 1]);
  fetching.resume([{ topic: 'events', partition: 0 }]);
  expect(stopped()).toEqual([1]);
});

test('a pause that was asked for while the consumer was away is made up for', () => {
  const { fetching, state, stopped } = setUp();
  state.joined = false;
  fetching.pause([{ topic: 'events', partition: 1 }]);
  expect(stopped()).toEqual([]);
  state.joined = true;
  fetching.apply();
  expect(stopped()).toEqual([1]);
});

test('a pause of a partition that is not ours is nothing, and one that we lost is forgotten', () => {
  const { fetching, stopped } = setUp();
  fetching.pause([{ topic: 'others', partition: 0 }]);
  expect(fetching.isStopped({ topic: 'others', partition: 0 })).toBe(false);
  fetching.pause([{ topic: 'events', partition: 0 }]);
  fetching.forget([{ topic: 'events', partition: 0 }]);
  fetching.apply();
  expect(stopped()).toEqual([]);
});

test('nothing is fetched after the source was asked to read no more', () => {
  const { fetching, stopped } = setUp();
  fetching.quiesce();
  fetching.resume([{ topic: 'events', partition: 0 }]);
  expect(stopped()).toEqual([0, 1]);
});

test('whoever holds a batch back while all is paused goes on as soon as one partition is resumed', async () => {
  const { fetching } = setUp();
  expect(fetching.goesOn()).toBeUndefined();
  fetching.pause([{ topic: 'events', partition: 0 }]);
  expect(fetching.goesOn()).toBeUndefined();
  fetching.pause([{ topic: 'events', partition: 1 }]);
  let wentOn = false;
  const waits = fetching.goesOn()?.then(() => {
    wentOn = true;
  });
  await Promise.resolve();
  expect(wentOn).toBe(false);
  fetching.resume([{ topic: 'events', partition: 1 }]);
  await waits;
  expect(wentOn).toBe(true);
});

test.each([
  ['the source was asked to read no more', (fetching: Fetching) => fetching.quiesce()],
  ['the partitions are lost', (fetching: Fetching) => fetching.forgetAll()],
])('nobody holds a batch back when %s', async (_, happens) => {
  const { fetching } = setUp();
  fetching.pause([0, 1].map((partition) => ({ topic: 'events', partition })));
  const waits = fetching.goesOn();
  expect(waits).toBeDefined();
  happens(fetching);
  await waits;
  expect(fetching.goesOn()).toBeUndefined();
});

test('of all batches that stand behind one another none is held back for longer than kafkajs would have slept', async () => {
  const { fetching, sleeps } = setUp();
  fetching.pause([0, 1].map((partition) => ({ topic: 'events', partition })));
  const first = fetching.goesOn();
  expect(sleeps.map(({ millis }) => millis)).toEqual([500]);
  sleeps[0]?.over();
  await first;
  await fetching.goesOn();
  expect(sleeps).toHaveLength(1);
  fetching.resume([{ topic: 'events', partition: 0 }]);
  fetching.pause([{ topic: 'events', partition: 0 }]);
  void fetching.goesOn();
  expect(sleeps).toHaveLength(2);
});
