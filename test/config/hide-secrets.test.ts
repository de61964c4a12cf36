import { expect, describe, it, test } from 'vitest';
import { renderProblem } from '../../src/config/problems.ts';
import { fileOf, loadText } from './load-text.ts';

const token = `EAAG${'x7Ka'.repeat(40)}`;
const secret = 'hunter2-of-the-shop';

/** All that anybody is shown of the problems of this file. */
function shown(text: string): string {
  const { problems, destination } = loadText(text);
  expect(destination).toBeUndefined();
  return [JSON.stringify(problems), ...problems.map(renderProblem)].join('\n');
}

const settings = (accessToken: string) =>
  `{"name":"shop","settings":{"pixel_id":"1","access_token":${accessToken}},"subscriptions":[]}`;

describe('a secret that stands in a file', () => {
  it.each([
    ['as a text', settings(`"${secret}"`)],
    ['on a line of its own', settings(`\n"${secret}"\n`)],
    ['in a list', settings(`["${secret}"]`)],
    ['under another name', settings(`{"value": "${secret}"}`)],
    ['with more members', settings(`{"$env": "TOKEN", "value": "${secret}"}`)],
    ['where a name of a variable belongs', settings(`{"$env": "${secret}"}`)],
    ['where a path belongs', settings(`{"$file": "${token}"}`)],
    ['as a token where a name belongs', settings(`{"$env": "${token}"}`)],
    ['as the secret of the app', settings(`{"$env":"T"},"app_secret":"${secret}"`)],
    ['in a file with a comma too few', settings(`"${secret}" "x"`)],
    ['in a text that never ends', settings(`"${secret}`)],
    ['in a text with the end of a line in it', settings(`"first-\n  ${secret}\n"`)],
    ['in a text without an end before another one', settings(`"first\n,"app_secret":"${secret}"`)],
    ['as the key of an API', settings(`{"$env":"T"},"api_key":"${secret}"`)],
    ['as a header', settings(`{"$env":"T"},"authorization":"Bearer ${secret}"`)],
    ['in quotes that JSON does not know', settings(`'${secret}'`)],
    ['beside something else that is wrong', settings(`"${secret}","pixel":"1"`)],
    ['as the name of a member', settings(`{"$env":"T"},"${token}":"1"`)],
    ['in a member that there is not', settings(`{"$env":"T"},"page_token":"${secret}"`)],
    ['of an app', settings(`{"$env":"T"},"note":"1234567890|${'Ab_c'.repeat(6)}"`)],
    ['as an action', fileOf([{ name: 'P', action: token }])],
  ])('%s is refused and not shown', (_where, text) => {
    const all = shown(text);
    expect(all).not.toContain(secret);
    expect(all).not.toContain(token);
    expect(all).not.toContain('Ab_cAb_c');
  });

  it('keeps the caret at its place', () => {
    const [problem] = loadText(settings(`"${secret}"`)).problems;
    expect(problem?.code).toBe('SECRET_INLINE');
    expect(problem?.source.slice((problem?.column ?? 0) - 1)).toMatch(/^"\*{19}"/);
  });
});

test('a reference is shown, and so is what only sounds like a secret', () => {
  const { problems } = loadText(settings('{"$env": "META_ACCESS_TOKEN"},"pixel":"17"'));
  expect(problems[0]?.source).toContain('{"$env": "META_ACCESS_TOKEN"},"pixel":"17"');
});

describe('names and depths that JavaScript trips over', () => {
  it('refuses a variable that is called __proto__, at its place', () => {
    const { problems } = loadText(settings('{"$env":"__proto__"}'));
    expect(problems.map(({ code, line, column }) => [code, line, column])).toEqual([
      ['SECRET_INLINE', 1, 58],
      ['CONFIG_VALUE', 1, 96],
    ]);
  });

  it('refuses a member that is called __proto__, at its place', () => {
    const { problems } = loadText(settings('{"$env":"T"},"__proto__":{"pixel_id":"2"}'));
    expect(problems.map(({ code, column }) => [code, column])).toEqual([['JSON_RESERVED_KEY', 71]]);
  });

  it.each(['[', '{"a":', '{"@if":['])(
    'refuses a file of 100,000 times %s, at the place where it gets too deep',
    (opening) => {
      const { problems } = loadText(`\n  ${opening.repeat(100_000)}`);
      expect(problems).toMatchObject([{ code: 'JSON_TOO_DEEP', line: 2 }]);
      expect(problems.map(renderProblem).join('').length).toBeLessThan(1000);
    },
  );

  it('takes brackets in texts and comments for what they are', () => {
    const text = fileOf([{ name: 'P', action: 'purchase', mapping: { order_id: '['.repeat(1000) } }]);
    expect(loadText(`// ${'{'.repeat(1000)}\n/* ${'['.repeat(1000)} */${text}`).problems).toEqual([]);
  });
});

test('a file of one word of two million letters is no trouble', () => {
  expect(shown(`{"name":"${'a'.repeat(2_000_000)}","access_token":"${secret}" x`)).not.toContain(secret);
});
