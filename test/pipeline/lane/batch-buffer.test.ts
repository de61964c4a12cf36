import { expect, test } from 'vitest';
import { textOf } from '../../../src/core/encoded-body.ts';
import { createBatchBuffer, discard, repack } from '../../../src/pipeline/lane/batch-buffer.ts';
import { fakeDelivery } from '../../support/deliveries.ts';

const texts = ['{"a":1}', '{"city":"Köln"}', `{"long":"${'x'.repeat(20_000)}"}`, '{"a":"日本"}'];

test('keeps each text of a batch, whatever its letters and however many bytes were expected', () => {
  for (const expected of [0, 10, 1_000_000]) {
    const batch = createBatchBuffer(expected);
    const deliveries = texts.map((text) => fakeDelivery(text));
    for (const delivery of deliveries) batch.take(delivery);
    expect(deliveries.map(textOf)).toEqual(texts);
  }
});

test('takes over what was in another batch', () => {
  const delivery = fakeDelivery('{"a":1}');
  createBatchBuffer(100).take(delivery);
  createBatchBuffer(100).take(delivery);
  expect(textOf(delivery)).toBe('{"a":1}');
});

test('gives what is left of a batch a room of its own', () => {
  const batch = createBatchBuffer(1_000_000);
  const deliveries = texts.map((text) => fakeDelivery(text));
  for (const delivery of deliveries) batch.take(delivery);
  const left = deliveries.slice(1, 2);
  repack(left);
  discard(deliveries.filter((delivery) => !left.includes(delivery)));
  const next = createBatchBuffer(1_000_000);
  for (const text of texts) next.take(fakeDelivery(text.toUpperCase()));
  expect(left.map(textOf)).toEqual(texts.slice(1, 2));
});

test('lets nobody read a text whose room was freed', () => {
  const batch = createBatchBuffer(100);
  const delivery = fakeDelivery('{"a":1}');
  batch.take(delivery);
  discard([delivery]);
  expect(() => createBatchBuffer(100).take(delivery)).toThrow(/measured/);
});

test('refuses a text of another length than was measured', () => {
  expect(() => createBatchBuffer(100).take(fakeDelivery('{"a":1}', { bytes: 6 }))).toThrow(/measured/);
});
