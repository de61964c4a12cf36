import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClickEvidence, clickOf, normalizeClickId } from '../../src/identity/click-id.ts';
import { testRules } from './rule-cases.ts';

testRules('fbc', 'fbp');

const day = 86_400_000;
const now = Date.UTC(2026, 10, 20, 12);
const happened = now - 3_600_000;
const nothing = {
  stored: undefined,
  fbclid: undefined,
  pageUrl: undefined,
  pageSearch: undefined,
  referrer: undefined,
};
const made = (id: string, days: number) => `fb.1.${now - days * day}.${id}`;
const fresh = (id: string) => `fb.1.${happened}.${id}`;
const page = (query: string) => `https://shop.example/x${query}`;

function click(evidence: Partial<ClickEvidence>) {
  return clickOf({ ...nothing, happened, now, ...evidence });
}

/** Meta, fbp and fbc parameters; Meta's parameter builder for what replaces what. */
describe('the click id', () => {
  it.each<[string, Partial<ClickEvidence>, string]>([
    ['stored alone', { stored: made('Old', 1) }, made('Old', 1)],
    ['stored, of 89 days', { stored: made('Old', 89) }, made('Old', 89)],
    ['stored, of a clock that is ahead by an hour', { stored: made('Old', -1 / 24) }, made('Old', -1 / 24)],
    ['a newer one of the page', { stored: made('Old', 1), pageUrl: page('?fbclid=New') }, fresh('New')],
    ['the same one keeps its time', { stored: made('Same', 1), pageUrl: page('?fbclid=Same') }, made('Same', 1)],
    [
      'the same one keeps its appendix',
      { stored: `${made('Same', 1)}.AQQCAQMC`, pageUrl: page('?fbclid=Same') },
      `${made('Same', 1)}.AQQCAQMC`,
    ],
    ['a case that differs', { stored: made('Same', 1), pageUrl: page('?fbclid=SAME') }, fresh('SAME')],
    ['a newer one for a stored one of 91 days', { stored: made('A', 91), pageUrl: page('?fbclid=B') }, fresh('B')],
    ['a page for a malformed stored one', { stored: 'IwAR', pageUrl: page('?fbclid=B') }, fresh('B')],
    ['a stored one for a filler of the page', { stored: made('A', 1), pageUrl: page('?fbclid=%20') }, made('A', 1)],
    ['a stored one for a malformed one', { stored: made('A', 1), pageUrl: page('?fbclid={fbclid}') }, made('A', 1)],
    ['the page alone', { pageUrl: page('?a=1&fbclid=Q_1-z#top') }, fresh('Q_1-z')],
    ['the search of the page', { pageUrl: page(''), pageSearch: '?fbclid=S' }, fresh('S')],
    ['a page that was copied out of HTML', { pageUrl: page('?a=1&amp;fbclid=H') }, fresh('H')],
    ['a page with blanks around the id', { pageUrl: page('?fbclid=%20Q%20') }, fresh('Q')],
    ["a page with the builder's appendix", { pageUrl: page('?fbclid=Q.AQQCAQMC') }, fresh('Q')],
    ['the second of two', { pageUrl: page('?fbclid=&fbclid=Q') }, fresh('Q')],
    ['the usable one of two', { pageUrl: page('?fbclid=undefined&fbclid=Q') }, fresh('Q')],
    ['the page before the referrer', { pageUrl: page('?fbclid=P'), referrer: page('?fbclid=R') }, fresh('P')],
    ['the referrer where the page has none', { pageUrl: page('?a=1'), referrer: page('?fbclid=R') }, fresh('R')],
    [
      'the referrer where the page has a filler',
      { pageUrl: page('?fbclid=null'), referrer: page('?fbclid=R') },
      fresh('R'),
    ],
    ['a referrer that is newer', { stored: made('A', 1), referrer: page('?fbclid=R') }, fresh('R')],
    ['a bare one', { fbclid: 'Raw' }, fresh('Raw')],
    ['a bare one with blanks', { fbclid: ' Raw\n' }, fresh('Raw')],
    ['a bare one that is stored', { fbclid: 'Raw', stored: made('Raw', 2) }, made('Raw', 2)],
    ['the page before a bare one', { fbclid: 'Raw', pageUrl: page('?fbclid=P') }, fresh('P')],
    ['a bare one before the referrer', { fbclid: 'Raw', referrer: page('?fbclid=R') }, fresh('Raw')],
    ['an id of 1,000 characters', { fbclid: 'a'.repeat(1000) }, fresh('a'.repeat(1000))],
  ])('is that of %s', (_, evidence, expected) => {
    expect(click(evidence)).toEqual({ status: 'plain', value: expected });
  });

  it.each<[string, Partial<ClickEvidence>, string]>([
    ['nothing', {}, 'missing'],
    ['blanks', { stored: ' ', fbclid: ' ', pageUrl: page('?fbclid=') }, 'missing'],
    ['a stored one of 91 days', { stored: made('A', 91) }, 'too_old'],
    ['91 days, also on the page', { stored: made('A', 91), pageUrl: page('?fbclid=A') }, 'too_old'],
    ['91 days, also in the referrer', { stored: made('A', 91), referrer: page('?fbclid=A') }, 'too_old'],
    ['91 days, also bare', { stored: made('A', 91), fbclid: 'A' }, 'too_old'],
    ['one made in seconds', { stored: `fb.1.${now / 1000}.A` }, 'too_old'],
    ['one made next week', { stored: made('A', -7) }, 'unusable'],
    ['one made in microseconds', { stored: `fb.1.${now}000.A` }, 'unusable'],
    ['a stored filler', { stored: 'n/a' }, 'junk'],
    ['a stored bare id', { stored: 'IwAR0' }, 'unusable'],
    ['a stored null', { stored: made('null', 1) }, 'unusable'],
    ['a stored undefined', { stored: made('undefined', 1) }, 'unusable'],
    ['a stored template', { stored: made('{fbclid}', 1) }, 'unusable'],
    ['a stored one of 3,000 characters', { stored: made('a'.repeat(3000), 1) }, 'unusable'],
    ['a blank of the page', { pageUrl: page('?fbclid=%20') }, 'missing'],
    ['undefined of the page', { pageUrl: page('?fbclid=undefined') }, 'unusable'],
    ['a template of the page', { pageUrl: page('?fbclid={fbclid}') }, 'unusable'],
    ['an encoded template of the page', { pageUrl: page('?fbclid=%7Bfbclid%7D') }, 'unusable'],
    ['double braces', { pageUrl: page('?fbclid={{fbclid}}') }, 'unusable'],
    ['a dash', { pageUrl: page('?fbclid=-') }, 'unusable'],
    ['a broken encoding', { pageUrl: page('?fbclid=%E0%A4%A') }, 'unusable'],
    ['3,000 characters of the page', { pageUrl: page(`?fbclid=${'a'.repeat(3000)}`) }, 'unusable'],
    ['1,001 characters', { fbclid: 'a'.repeat(1001) }, 'unusable'],
    ['a bare fbc', { fbclid: made('A', 1) }, 'unusable'],
    ['another parameter', { pageUrl: page('?xfbclid=A') }, 'missing'],
    ['the path', { pageUrl: 'https://shop.example/fbclid=A' }, 'missing'],
    ['the fragment', { pageUrl: 'https://shop.example/#?fbclid=A' }, 'missing'],
  ])('is left out for %s', (_, evidence, status) => {
    expect(click(evidence)).toEqual({ status });
  });

  it('passes the check of given ones, whatever it was made of', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('A', made('A', 1), made('A', 91), page('?fbclid=A'), page('?fbclid=%00'), '?fbclid=a.b'),
    );
    const maybe = fc.option(text, { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({ stored: maybe, fbclid: maybe, pageUrl: maybe, pageSearch: maybe, referrer: maybe }),
        (evidence) => {
          const { value } = click(evidence);
          if (value !== undefined) expect(normalizeClickId(value)).toBe(value);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('takes a moment of an address of a million parameters', () => {
    expect(click({ pageUrl: page(`?${'fbclid=%20&'.repeat(1_000_000)}`) })).toEqual({ status: 'missing' });
  });
});
