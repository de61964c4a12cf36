import { expect, test } from 'vitest';
import { spareRooms } from '../../src/core/buffer-pool.ts';

/** Sizes of rooms are multiples of it. */
const step = 64 * 1024;

test('uses a room again that was given back, for as many bytes as are asked for', () => {
  const rooms = spareRooms(100 * step);
  const first = rooms.take(10 * step);
  rooms.giveBack(first);
  const second = rooms.take(9 * step);
  expect(second.buffer).toBe(first.buffer);
  expect(second.length).toBe(9 * step);
  expect(rooms.take(9 * step).buffer).not.toBe(first.buffer);
});

test('uses a room again for a little more, too', () => {
  const rooms = spareRooms(100 * step);
  const first = rooms.take(9 * step + 1);
  rooms.giveBack(first);
  expect(rooms.take(9 * step + 2).buffer).toBe(first.buffer);
});

test('keeps a large room for those who need it', () => {
  const rooms = spareRooms(100 * step);
  const large = rooms.take(50 * step);
  rooms.giveBack(large);
  expect(rooms.take(10 * step).length).toBe(10 * step);
  expect(rooms.take(40 * step).buffer).toBe(large.buffer);
});

test('keeps no more bytes than it may, and rather the newest', () => {
  const rooms = spareRooms(25 * step);
  const taken = [1, 2, 3].map(() => rooms.take(10 * step));
  for (const room of taken) rooms.giveBack(room);
  const again = [1, 2, 3].map(() => rooms.take(10 * step));
  const kept = taken.map(({ buffer }) => again.some((room) => room.buffer === buffer));
  expect(kept).toEqual([false, true, true]);
});

test('says that a room was given back twice', () => {
  const rooms = spareRooms(100 * step);
  const room = rooms.take(10 * step);
  rooms.giveBack(room);
  expect(() => rooms.giveBack(room.subarray(0, 10))).toThrow(/twice/);
});
