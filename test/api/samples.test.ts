import { expect, it } from 'vitest';
import { createSamples } from '../../src/api/decisions/samples.ts';

function record(value: string) {
  return {
    topic: 'events',
    partition: 0,
    offset: 1,
    next: 2,
    timestamp: 0,
    key: null,
    headers: undefined,
    value: Buffer.from(value),
  };
}

it('the events that were told of last are kept, a thousand of them', () => {
  const samples = createSamples();
  const ids = Array.from({ length: 1_001 }, () => samples.keep(record('{}')) ?? '');
  expect(samples.of(ids[0] ?? '')).toBeUndefined();
  expect(samples.of(ids[1] ?? '')).toBeDefined();
});

it('no more than some megabytes of events are kept, and none that is large', () => {
  const samples = createSamples();
  const ids = Array.from({ length: 200 }, () => samples.keep(record('x'.repeat(60_000))) ?? '');
  const held = ids.filter((id) => samples.of(id) !== undefined);
  expect(held.length * 60_000).toBeLessThanOrEqual(8 * 1024 * 1024);
  expect(held.at(-1)).toBe(ids.at(-1));
  expect(samples.keep(record('x'.repeat(100_000)))).toBeUndefined();
});

it('an event that somebody looks at stays while newer ones come', () => {
  const samples = createSamples();
  const id = samples.keep(record('{"chosen":1}')) ?? '';
  samples.of(id);
  for (let at = 0; at < 3_000; at += 1) samples.keep(record('{}'));
  expect(samples.of(id)?.value?.toString()).toBe('{"chosen":1}');
});

it('the id of an event that another process told of is that of no event of this one', () => {
  const [before, after] = [createSamples(), createSamples()];
  const id = before.keep(record('{"told":"before the restart"}')) ?? '';
  after.keep(record('{}'));
  expect(after.of(id)).toBeUndefined();
});
