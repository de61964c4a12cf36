import { expect, it } from 'vitest';

const actual = { code: 'A', rows: [{ reason: 'empty' }] };

it('a pattern that an object is to match is refused, wherever it stands: it would fit anything', async () => {
  expect(() => expect(actual).toMatchObject({ code: /B/ })).toThrow(/stringMatching/);
  expect(() => expect(actual).not.toMatchObject({ rows: [{ reason: /B/ }] })).toThrow(/stringMatching/);
  await expect(() => expect(Promise.resolve(actual)).resolves.toMatchObject({ code: /B/ })).rejects.toThrow(
    /stringMatching/,
  );
});

it('all else is matched as ever', () => {
  expect(actual).toMatchObject({ rows: [{ reason: expect.stringMatching(/^emp/) }] });
  expect(() => expect(actual).toMatchObject({ code: expect.stringMatching(/B/) })).toThrow();
  expect(actual).not.toMatchObject({ code: 'B' });
});
