import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entriesOf, entriesText, joinedEntries } from '../../src/core/entry-ranges.ts';

test('rule 34: entries are kept as ranges by list, each once', () => {
  const entries = ['userListAdd[3]', 'userListAdd[1]', 'userListDelete[0]', 'userListAdd[2]', 'userListAdd[9]'];
  expect(entriesText([...entries, 'userListAdd[9]'])).toBe('userListAdd[1-3,9] userListDelete[0]');
  expect(entriesText(['users'])).toBe('users');
});

test('says of each entry whether it is among them, also of joined texts', () => {
  const places = fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(places, places, fc.boolean(), (some, others, joined) => {
      const texts = [some, others].map((list) => entriesText(list.map((place) => `users[${place}]`)));
      const text = joined ? joinedEntries(texts) : texts[0];
      const holds = entriesOf(text ?? '');
      const expected = new Set(joined ? [...some, ...others] : some);
      for (let place = 0; place < 310; place += 1) expect(holds?.(`users[${place}]`)).toBe(expected.has(place));
      expect(holds?.('userListAdd[1]')).toBe(false);
      expect(holds?.('users')).toBe(false);
    }),
  );
});

test('too many to be kept stand for all', () => {
  const scattered = Array.from({ length: 10_000 }, (_, index) => `users[${2 * index}]`);
  expect(entriesText(scattered)).toBeUndefined();
  expect(entriesText(scattered.map((_, index) => `users[${index}]`))).toBe('users[0-9999]');
  expect(joinedEntries(['users[0]', undefined])).toBeUndefined();
});

test.each(['', 'users[', 'users[a]', 'users[1-2-3]', 'users [1]', 'users[1]; drop'])(
  '%j is no list of entries',
  (text) => expect(entriesOf(text)).toBeUndefined(),
);
