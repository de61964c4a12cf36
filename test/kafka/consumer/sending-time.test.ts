import { expect, it } from 'vitest';
import { createSendingTime } from '../../../src/kafka/consumer/sending-time.ts';

function setUp() {
  const time = { wall: 1_000_000, monotonic: 500 };
  const sendingTime = createSendingTime({
    now: () => time.wall,
    monotonic: () => time.monotonic,
    sleep: async () => undefined,
  });
  const pass = (millis: number, setBy = 0) => {
    time.wall += millis + setBy;
    time.monotonic += millis;
  };
  return { sendingTime, pass };
}

it('tells by the monotonic clock when a request was sent', () => {
  const { sendingTime, pass } = setUp();
  pass(300);
  expect(sendingTime(1_000_100)).toBe(600);
});

it('tells nothing of one during which the clock was set back, and makes none younger than it is', () => {
  const { sendingTime, pass } = setUp();
  pass(300, -3_600_000);
  expect(sendingTime(1_000_000)).toBeUndefined();
  pass(100);
  expect(sendingTime(1_000_300 - 3_600_000)).toBe(800);
  pass(100, 3_600_000);
  expect(sendingTime(1_000_400 - 3_600_000)).toBeLessThan(900);
});
