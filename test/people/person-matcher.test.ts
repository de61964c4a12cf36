import { expect, it, test } from 'vitest';
import { soughtPerson } from '../../src/erasure/people.ts';
import { withPersonKeys } from '../../src/people/person-keys.ts';
import { personKey } from '../../src/people/person-key.ts';
import { createPersonMatcher } from '../../src/people/person-matcher.ts';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import { sha256 } from '../actions/run-action.ts';
import { fakeRecord } from '../support/deliveries.ts';

const countries = ['de'];
const readOther = () => undefined;
const hash = 'b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514';

const sought = [
  { em: 'Ann@Shop.example', ph: '0151 23456789', external_id: '42' },
  { external_id: 'member-00042' },
  { madid: 'AEBE52E7-03EE-455A-B3C4-E57283966239' },
  { em: hash },
].map((person) => soughtPerson(person, countries));
const matcher = createPersonMatcher(sought, { readOther, countries });

function found(value: unknown, more: Partial<Parameters<typeof fakeRecord>[0]> = {}): readonly number[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return [...matcher({ record: fakeRecord({ key: null, value: Buffer.from(text), headers: undefined, ...more }) })];
}

it.each([
  ['an address in any spelling', { a: { b: [{ mail: ' ANN@shop.EXAMPLE ' }] } }],
  ['an address within a text', { note: 'please call Ann <ann@shop.example>, thanks' }],
  ['an address in a link', { url: 'https://shop.example/?e=ann%40shop.example&x=1' }],
  ['an address in JSON in a text', { payload: '{"traits":{"email":"ann@shop.example"}}' }],
  ['a hash of the address', { em: sha256('ann@shop.example') }],
  ['a number of the phone in another form', { traits: { phone: '+49 (151) 234-56789' } }],
  ['a number without its country', { traits: { mobile: '0151/23456789' } }],
  ['the id under a name that says so', { traits: { Kundennummer: 42 } }],
  ['a text that is no JSON', 'type=track;mail=ann@shop.example;broken{'],
])('finds somebody by %s', (_what, value) => {
  expect(found(value)).toEqual([0]);
});

it.each([
  ['text in another encoding', Buffer.from('name=José;mail=ann@shop.example', 'latin1')],
  ['a list in another encoding', Buffer.from('["José", "ann@shop.example"]', 'latin1')],
  ['text in front of what may be JSON', Buffer.from('ann@shop.example {"a": "José"}', 'latin1')],
  ['JSON in the framing of a registry', framed(5, '{"userId":"42"}')],
  ['JSON in the framing of a registry with many schemas', framed(200, '{"traits":{"phone":"+4915123456789"}}')],
  ['JSON with a mark of its encoding', Buffer.from('\u{FEFF}{"userId":"42"}')],
])('finds somebody in %s', (_what, value) => {
  expect(found('', { value })).toEqual([0]);
});

function framed(schema: number, json: string): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, 0, schema]), Buffer.from(json)]);
}

it('finds somebody by the key of the record, and by its headers', () => {
  expect(found({}, { key: Buffer.from('42') })).toEqual([0]);
  expect(found({}, { headers: { user_id: Buffer.from('42') } })).toEqual([0]);
});

it('finds ids that can be nothing else wherever they stand, and hashes', () => {
  expect(found({ custom: ['x', 'member-00042'] })).toEqual([1]);
  expect(found({ device: { idfa: 'aebe52e7-03ee-455a-b3c4-e57283966239' } })).toEqual([2]);
  expect(found({ deep: [[[hash.toUpperCase()]]] })).toEqual([3]);
});

it.each([
  ['a quantity that is somebody’s number', { quantity: 42, total: '42', productId: 42 }],
  ['a longer address', { email: 'joann@shop.example', other: 'ann@shop.example.org' }],
  ['a longer id', { userId: '421', text: 'member-000421' }],
  ['nothing', null],
])('takes nobody for %s', (_what, value) => {
  expect(found(value)).toEqual([]);
});

it('looks through deep and wide records without running out of stack', () => {
  const deep = `${'[{"a":'.repeat(1000)}"ann@shop.example"${'}]'.repeat(1000)}`;
  expect(found(deep)).toEqual([0]);
  expect(found(`${'['.repeat(200_000)} ann@shop.example`)).toEqual([0]);
  expect(
    found({ list: Array.from({ length: 50_000 }, (_, index) => `u${index}@x.example`).concat('ann@shop.example') }),
  ).toEqual([0]);
});

it('reads values that are no plain JSON as the topic is read, else their bytes', () => {
  const record = fakeRecord({ key: null, value: Buffer.from([0, 1, 2]), headers: undefined });
  const read = createPersonMatcher(sought, {
    countries,
    readOther: () => ({ kind: 'value', value: { email: 'ann@shop.example' } }),
  });
  expect([...read({ record })]).toEqual([0]);
});

test('a letter gets the keys of its people, by which they are found without the record', async () => {
  const written: DeadLetter[] = [];
  const queue = {
    open: async () => undefined,
    write: async (letters: readonly DeadLetter[]) => void written.push(...letters),
    close: async () => undefined,
  };
  const value = Buffer.from(JSON.stringify({ userId: 'member-00042', traits: { email: 'ann@shop.example' } }));
  const letter: DeadLetter = {
    record: fakeRecord({ key: null, value, headers: undefined }),
    failure: { code: 'X', message: 'x' },
    at: 1,
  };
  await withPersonKeys(queue, { readOther, countries: () => countries }).write([letter]);
  const keys = written[0]?.people ?? [];
  expect(keys).toHaveLength(2);
  const bare = { record: fakeRecord({ key: null, value: null, headers: undefined }), people: keys };
  expect([...matcher(bare)].sort()).toEqual([0, 1]);
  expect(JSON.stringify(keys)).not.toMatch(/ann|member|[0-9a-f]{40}/);
  const wide = {
    ...letter,
    record: {
      ...letter.record,
      value: Buffer.from(JSON.stringify(Array.from({ length: 500 }, (_, index) => `p${index}@x.example`))),
    },
  };
  await withPersonKeys(queue, { readOther, countries: () => countries }).write([wide]);
  expect(written[1]?.people).toHaveLength(64);
});

test('a key is not the hash that others have', () => {
  expect(personKey(hash)).toMatch(/^[\w-]{16}$/);
  expect(personKey(hash)).not.toBe(Buffer.from(hash, 'hex').toString('base64url').slice(0, 16));
});
