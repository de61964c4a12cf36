import type { ActionContext } from '../../core/action.ts';
import { isObject } from '../../core/json.ts';

const day = 24 * 60 * 60_000;
/** Meta, customer information parameters: a click id is of use for 90 days. */
const maximumAge = 90 * day;

/** True when an fbc (`fb.{subdomain index}.{Unix milliseconds}.{click id}`) was made more than 90 days ago. */
export function isClickTooOld(fbc: string, now: number): boolean {
  const created = fbc.indexOf('.', fbc.indexOf('.') + 1) + 1;
  return now - Number(fbc.slice(created, fbc.indexOf('.', created))) > maximumAge;
}

/**
 * The fbc of a click id in a page's address, in Meta's format for servers: index 1 and the time at which it was
 * observed, `millis`, which is the event's. Undefined when there is none.
 */
export function clickIdOfPage(url: string | undefined, millis: number, context: ActionContext): string | undefined {
  const clickId = queryValue(url) ?? queryValue(pageSearch(context));
  return clickId === undefined ? undefined : `fb.1.${millis}.${clickId}`;
}

function pageSearch({ event }: ActionContext): string | undefined {
  const { context } = event;
  const page = isObject(context) ? context['page'] : undefined;
  const search = isObject(page) ? page['search'] : undefined;
  return typeof search === 'string' ? search : undefined;
}

const name = 'fbclid=';

/** The `fbclid` of a query, case kept; neither of the path nor of the fragment. */
function queryValue(url: string | undefined): string | undefined {
  let at = url === undefined ? -1 : url.indexOf(name);
  if (url === undefined || at < 0) return undefined;
  const start = url.indexOf('?');
  if (start < 0) return undefined;
  const hash = url.indexOf('#');
  const end = hash < 0 ? url.length : hash;
  if (at < start) at = url.indexOf(name, start + 1);
  while (at >= 0 && at < end) {
    const before = url[at - 1];
    if (before === '?' || before === '&') {
      const next = url.indexOf('&', at);
      const value = url.slice(at + name.length, next < 0 || next > end ? end : next);
      if (value !== '') return decoded(value);
    }
    at = url.indexOf(name, at + 1);
  }
  return undefined;
}

function decoded(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
