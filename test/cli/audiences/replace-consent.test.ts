import { expect, it } from 'vitest';
import { confirmed, doubtsAbout } from '../../../src/cli/audiences/replace-consent.ts';

it.each([
  ['a good file', { read: 100, users: 90 }, { sizeAtLeast: 180 }, 0],
  ['one row too many that can not be sent', { read: 100, users: 89 }, {}, 1],
  ['less than half of the audience', { read: 999, users: 999 }, { sizeAtLeast: 2_000 }, 1],
  ['both', { read: 3_000, users: 900 }, { sizeAtLeast: 2_000 }, 2],
  ['an audience whose size Meta hides', { read: 10, users: 10 }, {}, 0],
])('%s', (_, plan, details, doubts) => {
  expect(doubtsAbout(plan, details)).toHaveLength(doubts);
});

it('wants a word where there is doubt, and none where there is not', async () => {
  await confirmed([], false);
  await confirmed(['half of it is lost'], true);
  await expect(confirmed(['half of it is lost'], false)).rejects.toMatchObject({
    code: 'CONFIRMATION_NEEDED',
    message: expect.stringContaining('half of it is lost; nothing was sent.'),
  });
});
