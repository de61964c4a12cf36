import { expect, it } from 'vitest';
import { createIdIndex } from '../../src/sandbox/conversions/id-index.ts';
import { memberKey } from '../../src/sandbox/audiences/member-keys.ts';
import { createMemberStore } from '../../src/sandbox/audiences/member-store.ts';

const million = 1_000_000;

it('a million ids take less than 200 MB', () => {
  const before = process.memoryUsage();
  const index = createIdIndex();
  for (let id = 0; id < million; id += 1) index.add(`8f14e45f-ceea-467f-a0e6-${id}`, id, 1);
  const after = process.memoryUsage();
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  expect(index.size()).toBe(million);
  expect(bytes).toBeLessThan(200e6);
});

it('a million members take less than 500 MB, and one of them is found by its key', () => {
  const store = createMemberStore();
  const hash = (index: number) => index.toString(16).padStart(64, '0');
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < million; index += 1) {
    store.add([memberKey('EXTERN_ID', `u-${index}`), memberKey('EMAIL', hash(index))]);
  }
  const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;
  expect(store.size()).toBe(million);
  expect(megabytes).toBeLessThan(500);
  for (let index = 0; index < 1000; index += 1) {
    expect(store.find(memberKey('EMAIL', hash(index * 999)))).toBeDefined();
  }
});
