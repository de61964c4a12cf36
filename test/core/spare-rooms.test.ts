import { expect, test } from 'vitest';
import { spareRooms } from '../../src/core/spare-rooms.ts';

test('uses a room again that was given back, for as many bytes as are asked for', () => {
  const rooms = spareRooms(10_000);
  const first = rooms.take(1_000);
  rooms.giveBack(first);
  const second = rooms.take(900);
  expect(second.buffer).toBe(first.buffer);
  expect(second.length).toBe(900);
  expect(rooms.take(900).buffer).not.toBe(first.buffer);
});

test('keeps a large room for those who need it', () => {
  const rooms = spareRooms(10_000);
  const large = rooms.take(5_000);
  rooms.giveBack(large);
  expect(rooms.take(1_000).length).toBe(1_000);
  expect(rooms.take(4_000).buffer).toBe(large.buffer);
});

test('keeps no more bytes than it may, and rather the newest', () => {
  const rooms = spareRooms(2_500);
  const taken = [1, 2, 3].map(() => rooms.take(1_000));
  for (const room of taken) rooms.giveBack(room);
  const again = [1, 2, 3].map(() => rooms.take(1_000));
  const kept = taken.map(({ buffer }) => again.some((room) => room.buffer === buffer));
  expect(kept).toEqual([false, true, true]);
});

test('says that a room was given back twice', () => {
  const rooms = spareRooms(10_000);
  const room = rooms.take(1_000);
  rooms.giveBack(room);
  expect(() => rooms.giveBack(room.subarray(0, 10))).toThrow(/twice/);
});
