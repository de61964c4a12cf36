import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { assertSamePeople } from '../../bench/peers/segment-mapping.ts';

test('without Go the part of the peers says so and ends as not measured', () => {
  const bench = resolve(import.meta.dirname, '../../bench/bench.ts');
  const { status, stderr } = spawnSync(process.execPath, [bench, '--only', 'peers', '--dry'], {
    env: { PATH: '/nowhere' },
    encoding: 'utf8',
  });
  expect({ status, said: stderr.split('\n').find((line) => line.startsWith('peers')) }).toEqual({
    status: 3,
    said: expect.stringMatching(/^peers is not measured: Go is missing/),
  });
});

const bodyOf = (person: Readonly<Record<string, unknown>>) => JSON.stringify({ data: [{ user_data: person }] });
const everybody = Object.fromEntries(
  ['em', 'ph', 'ct', 'country', 'external_id', 'fn', 'ln', 'db', 'st', 'zp'].map((key) => [key, `hash of ${key}`]),
);

test('Segment is compared on the same people: a hash that differs or lacks stops the measurement', () => {
  const own = JSON.parse(bodyOf(everybody));
  expect(() => assertSamePeople(own, [bodyOf(everybody)])).not.toThrow();
  expect(() => assertSamePeople(own, [bodyOf({ ...everybody, em: 'another' })])).toThrow('em');
  expect(() => assertSamePeople(own, [bodyOf({ ...everybody, zp: undefined })])).toThrow('zp is missing');
  expect(() => assertSamePeople(own, [])).toThrow('events are missing');
});
