import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stackOf } from '../../src/core/bug.ts';

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

const email = 'ann@shop.example';

test.each([
  ['JSON.parse', () => JSON.parse(email), 'SyntaxError'],
  ['an operator', () => 'email' in (email as unknown as object), 'TypeError'],
  ['a conversion', () => BigInt(email), 'SyntaxError'],
  ['a function of Node', () => Buffer.alloc(email as unknown as number), 'TypeError'],
  ['a path', () => readFileSync(`${email}\0`), 'TypeError'],
  ['a setting of dates', () => new Intl.DateTimeFormat('en', { timeZone: email }), 'RangeError'],
])('the stack of a bug tells where it is, and not what %s was given', (_, act, name) => {
  const error = thrownBy(act);
  expect(error.message).toContain('ann@');
  const text = stackOf(error);
  expect(text).not.toContain('ann@');
  expect(text).toMatch(new RegExp(`^${name} `));
  expect(text).toContain('bug.test.ts');
});

test('an error of the system, or of ours, keeps its message', () => {
  const ofSystem = Object.assign(new TypeError('listen EADDRINUSE: port 9090'), { code: 'EADDRINUSE' });
  for (const error of [ofSystem, new Error('a buffer was released twice')])
    expect(stackOf(error)).toContain(error.message);
});

test('what was thrown and is no error is not told, nor what a promise was rejected with', () => {
  const rejected = Object.assign(new Error(`rejected with the reason "${email}".`), {
    code: 'ERR_UNHANDLED_REJECTION',
  });
  for (const thrown of [email, { email }, rejected]) {
    expect(stackOf(thrown)).not.toContain('ann@');
    expect(stackOf(thrown)).toContain('somebody');
  }
});
