import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/core/fingerprint.ts';
import { recognizedText } from '../../src/meta/recognized-text.ts';

describe('what Meta says', () => {
  it.each([
    '(#100) The parameter data is required',
    '(#100) Missing parameter(s): customer_file_source',
    '(#80003) There have been too many calls to this ad-account. Wait a bit and try again.',
    '(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: v27.0.',
    'Error validating access token: Session has expired on Sunday, 29-Nov-26 10:00:00 PST. The current time is Sunday, 29-Nov-26 11:02:33 PST.',
    "Unexpected key \"content_id\" on param \"$['data'][0]['custom_data']['contents'][0]\".",
    'Invalid parameter: event_time 2026-11-29T17:40:05Z is too old',
  ])('passes where it is recognized: %s', (text) => {
    expect(recognizedText(text)).toBe(text);
  });

  it.each([
    ['Invalid value "Erika Mustermann" for parameter fn', 'Invalid value', 'Erika Mustermann', 'for parameter fn'],
    ['The email erika@shop.example is invalid', 'The email', 'erika@shop.example', 'is invalid'],
    ['The phone +49 151 12345678 is invalid', 'The phone', '+49 151 12345678', 'is invalid'],
    ['Birth date 1984-05-06 is invalid', 'Birth date', '1984-05-06', 'is invalid'],
    ['Audience "Lapsed diabetics" exists', 'Audience', 'Lapsed diabetics', 'exists'],
    ['Token EAABsbCS1iHgBAKZC is invalid', 'Token', 'EAABsbCS1iHgBAKZC', 'is invalid'],
    ['The user Will is unknown', 'The user', 'Will', 'is unknown'],
  ])('tells the rest by a fingerprint: %s', (text, before, value, after) => {
    expect(recognizedText(text)).toBe(`${before} ${fingerprint(value)}*** ${after}`);
  });

  it('holds nothing of a text that is not recognized, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-zA-Z]{3,12}@[a-z]{3,12}\.[a-z]{2,3}$/),
        fc.string({ maxLength: 40 }),
        (email, text) => {
          expect(recognizedText(`${text} ${email} ${text}`)).not.toContain(email);
        },
      ),
    );
  });

  it('is one line of bounded length', () => {
    const long = recognizedText(`error\n${'\u001b[31m '.repeat(500)}${'x'.repeat(9_000)}`);
    expect(long.length).toBeLessThanOrEqual(200);
    expect(long).not.toMatch(/\p{C}/u);
  });
});
