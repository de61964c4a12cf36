import { expect, test } from 'vitest';
import { createBufferPool } from '../../src/core/buffer-pool.ts';

/** Sizes of rooms are multiples of it. */
const step = 64 * 1024;

test('uses a room again that was given back, for as many bytes as are asked for', () => {
  const rooms = createBufferPool(100 * step);
  const first = rooms.acquire(10 * step);
  rooms.release(first);
  const second = rooms.acquire(9 * step);
  expect(second.buffer).toBe(first.buffer);
  expect(second.length).toBe(9 * step);
  expect(rooms.acquire(9 * step).buffer).not.toBe(first.buffer);
});

test('uses a room again for a little more, too', () => {
  const rooms = createBufferPool(100 * step);
  const first = rooms.acquire(9 * step + 1);
  rooms.release(first);
  expect(rooms.acquire(9 * step + 2).buffer).toBe(first.buffer);
});

test('keeps a large room for those who need it', () => {
  const rooms = createBufferPool(100 * step);
  const large = rooms.acquire(50 * step);
  rooms.release(large);
  expect(rooms.acquire(10 * step).length).toBe(10 * step);
  expect(rooms.acquire(40 * step).buffer).toBe(large.buffer);
});

test('keeps no more bytes than it may, and rather the newest', () => {
  const rooms = createBufferPool(25 * step);
  const taken = [1, 2, 3].map(() => rooms.acquire(10 * step));
  for (const room of taken) rooms.release(room);
  const again = [1, 2, 3].map(() => rooms.acquire(10 * step));
  const kept = taken.map(({ buffer }) => again.some((room) => room.buffer === buffer));
  expect(kept).toEqual([false, true, true]);
});

test('refuses a buffer that is released twice', () => {
  const rooms = createBufferPool(100 * step);
  const room = rooms.acquire(10 * step);
  rooms.release(room);
  expect(() => rooms.release(room.subarray(0, 10))).toThrow(/twice/);
});
