import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startPolling } from '../../console/lib/polling.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Requests, each answered by hand. */
function slowServer() {
  const answers: (() => void)[] = [];
  const shown: number[] = [];
  const ask = async (isNewest: () => boolean) => {
    const number = answers.length;
    await new Promise<void>((resolve) => answers.push(resolve));
    if (isNewest()) shown.push(number);
    return 2000;
  };
  return { ask, shown, asked: () => answers.length, answer: (number: number) => answers[number]?.() };
}

it('asks once more after each answer, however often the reader has come back while one was awaited', async () => {
  const { ask, shown, asked, answer } = slowServer();
  const polling = startPolling(ask);
  for (let time = 0; time < 4; time += 1) polling.again();
  expect(asked()).toBe(5);
  for (const number of [4, 3, 2, 1, 0]) answer(number);
  await vi.advanceTimersByTimeAsync(1999);
  expect([asked(), shown]).toEqual([5, [4]]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked()).toBe(6);
  polling.stop();
});

it('asks no more when it is stopped, and shows nothing that comes later', async () => {
  const { ask, shown, asked, answer } = slowServer();
  startPolling(ask).stop();
  answer(0);
  await vi.advanceTimersByTimeAsync(10_000);
  expect([asked(), shown]).toEqual([1, []]);
});

it('asks no more after an answer that needs no other', async () => {
  let asked = 0;
  startPolling(async () => {
    asked += 1;
    return asked < 3 ? 1000 : undefined;
  });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBe(3);
});
