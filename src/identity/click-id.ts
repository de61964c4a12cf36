import { isJunk } from './junk.ts';

const day = 24 * 60 * 60_000;
/** Meta, customer information parameters: a click id is of use for 90 days. */
const maximumAge = 90 * day;
/** Clocks of browsers are wrong by hours; a click of next week has no time at all. */
const toleratedAhead = day;

/** The id of a click as Meta makes it. Its ids have some hundred characters, and grow. */
const id = String.raw`[\w-]{1,1000}`;
/** `fb.{subdomain index}.{milliseconds}.{click id or random number}`, with Meta's appendix of 2 or 8 characters. */
const pattern = new RegExp(String.raw`^fb\.\d{1,3}\.(\d{1,17})\.(${id})(?:\.(?:[\w-]{8}|[\w-]{2}))?$`);
/** A page's address that Meta's parameter builder handed out ends in its appendix. */
const bare = new RegExp(String.raw`^(${id})(?:\.(?:[\w-]{8}|[\w-]{2}))?$`);
const longest = 1100;
/** Addresses with more of them are made to be slow. */
const mostParameters = 10;

/**
 * Click id (fbc) and browser id (fbp). Meta, fbp and fbc parameters: never hashed, case-sensitive; kept to the letter,
 * with the appendix of Meta's parameter builder. Another form is unusable, and so is a filler in place of the id.
 */
export function normalizeClickId(text: string): string | undefined {
  const trimmed = text.trim();
  const match = trimmed.length > longest ? null : pattern.exec(trimmed);
  return match?.[2] === undefined || isJunk(match[2], false) ? undefined : trimmed;
}

/** All that an event says of the click on an ad that led to it. */
export interface ClickEvidence {
  /** The `_fbc` cookie. */
  readonly stored: string | undefined;
  /** A bare `fbclid` that somebody took off an address. */
  readonly fbclid: string | undefined;
  readonly pageUrl: string | undefined;
  /** The query of the page's address, where that comes without it. */
  readonly pageSearch: string | undefined;
  readonly referrer: string | undefined;
  /** When the event happened, Unix milliseconds. */
  readonly happened: number;
  readonly now: number;
}

/** What is sent as fbc; without a value, why nothing is. */
export interface Click {
  readonly status: 'plain' | 'missing' | 'junk' | 'unusable' | 'too_old';
  readonly value?: string;
}

const missing: Click = { status: 'missing' };
const unusable: Click = { status: 'unusable' };

/**
 * The click that an event is attributed to. Meta, fbp and fbc parameters: the latest one, with the time at which it was
 * first seen; of a server's own making, with the index 1.
 *
 * A click id of the page that differs from the stored one is newer and replaces it; the same one keeps its time and its
 * appendix. The referrer counts where the page has none, a bare `fbclid` in between. A click of more than 90 days is
 * left out, also where the page's address still carries it: it would get a new date.
 */
export function clickOf(evidence: ClickEvidence): Click {
  const { stored, happened, now } = evidence;
  const known = stored === undefined ? undefined : normalizeClickId(stored);
  const [, millis = '', knownId] = (known === undefined ? null : pattern.exec(known)) ?? [];
  const seen = clickSeen(evidence);
  if (seen !== undefined && seen !== '' && seen !== knownId) {
    return { status: 'plain', value: `fb.1.${happened}.${seen}` };
  }
  if (known === undefined) return unreadable(stored, seen);
  const age = now - Number(millis);
  if (age > maximumAge) return { status: 'too_old' };
  return age < -toleratedAhead ? unusable : { status: 'plain', value: known };
}

/** The first usable click id that was seen; the empty text where one was there, but none can be used. */
function clickSeen({ pageUrl, pageSearch, fbclid, referrer }: ClickEvidence): string | undefined {
  const page = ofAddress(pageUrl);
  const search = ofAddress(pageSearch);
  const given = fbclid === undefined ? undefined : usableId(fbclid.trim());
  const before = ofAddress(referrer);
  return page || search || given || before || (page ?? search ?? given ?? before);
}

function unreadable(stored: string | undefined, seen: string | undefined): Click {
  const text = stored?.trim() ?? '';
  if (text === '') return seen === undefined ? missing : unusable;
  return isJunk(text, false) ? { status: 'junk' } : unusable;
}

const name = 'fbclid=';

/** The `fbclid` of a query, case kept; neither of the path nor of the fragment. Empty where it is no click id. */
function ofAddress(url: string | undefined): string | undefined {
  let at = url === undefined ? -1 : url.indexOf(name);
  if (url === undefined || at < 0) return undefined;
  const start = url.indexOf('?');
  const hash = url.indexOf('#');
  const end = hash < 0 ? url.length : hash;
  if (start < 0 || start > end) return undefined;
  if (at < start) at = url.indexOf(name, start + 1);
  let found: string | undefined;
  for (let count = 0; at >= 0 && at < end && count < mostParameters; count += 1) {
    if (isParameter(url, at)) {
      const next = url.indexOf('&', at);
      const value = url.slice(at + name.length, next < 0 || next > end ? end : next);
      const clickId = value === '' ? undefined : usableId(decoded(value));
      if (clickId) return clickId;
      found ??= clickId;
    }
    at = url.indexOf(name, at + 1);
  }
  return found;
}

/** `&amp;` too: addresses are copied out of pages. */
function isParameter(url: string, at: number): boolean {
  const before = url[at - 1];
  return before === '?' || before === '&' || before === ';';
}

function decoded(value: string): string {
  if (!value.includes('%') || value.length > 3 * longest) return value;
  try {
    return decodeURIComponent(value).trim();
  } catch {
    return value;
  }
}

/** Undefined for what stands for nothing at all, empty for what is no click id. */
function usableId(text: string): string | undefined {
  if (text === '') return undefined;
  const clickId = text.length > longest ? undefined : bare.exec(text)?.[1];
  return clickId === undefined || isJunk(clickId, false) ? '' : clickId;
}
