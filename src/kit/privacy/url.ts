import { isIdentifierName, namesPerson, nameKind } from './identifier-name.ts';
import { decodedText, holdsIdentifier, mayHoldIdentifier } from '../../identity/identifier-text.ts';

/** Keys of Meta's for a place or a birthday are too short to say anything as a parameter of an address. */
const tooShort: ReadonlySet<string> = new Set(['st', 'ct', 'zp', 'ge', 'db', 'ip']);

/**
 * The address of a page without what identifies somebody: the user before the host, parts of the path, parameters of
 * the query and of the fragment, by their names and by their values. All else stays as it is, byte for byte.
 */
export function withoutIdentifiersInUrl(url: string): string {
  if (clean.has(url)) return url;
  const rest = cleaned(url);
  if (rest === url && url.length <= longestKnown) {
    if (clean.size >= mostKnown) clean.clear();
    clean.add(url);
  }
  return rest;
}

/** As `withoutIdentifiersInUrl`, of parameters alone, as forms send them: `first_name=Ann&step=2`. */
export function withoutIdentifiersInQuery(query: string): string {
  return cleanQuery(query) ?? '';
}

/** Addresses that nothing was found in: those of a shop's pages come again and again. */
const clean = new Set<string>();
const mostKnown = 1_000;
const longestKnown = 512;

function cleaned(url: string): string {
  const query = url.indexOf('?');
  const hash = url.indexOf('#');
  if (!mayHoldIdentifier(url) && !url.includes('{')) {
    // Then only names of parameters can be in the way.
    if (query < 0 && (hash < 0 || !url.includes('=', hash))) return url;
    if (hash < 0 && !namesAnyPersonal(url, query + 1)) return url;
  }
  const pathEnd = query < 0 || (hash >= 0 && hash < query) ? (hash < 0 ? url.length : hash) : query;
  const queryEnd = hash < 0 ? url.length : hash;
  const path = cleanPath(url.slice(0, pathEnd));
  const search = pathEnd < queryEnd ? prefixed('?', cleanQuery(url.slice(pathEnd + 1, queryEnd))) : '';
  const fragment = hash < 0 ? '' : prefixed('#', cleanFragment(url.slice(hash + 1)));
  const rest = path + search + fragment;
  // Something that is one only together, across parts: then nothing of it can stay.
  return holdsIdentifier(rest) ? originOf(rest) : rest;
}

/** `https://shop.example`, or nothing. */
function originOf(url: string): string {
  const host = url.indexOf('//') + 2;
  const end = host < 2 ? -1 : url.indexOf('/', host);
  const origin = end < 0 ? '' : url.slice(0, end);
  return holdsIdentifier(origin) ? '' : origin;
}

/** Whether a parameter of the query that begins at `from`, of an address without a fragment, names an identifier. */
function namesAnyPersonal(url: string, from: number): boolean {
  if (url.includes(';', from) || url.includes('?', from)) {
    return url.slice(from).split('&').some(isPersonal);
  }
  for (let at = from; at < url.length; ) {
    const next = url.indexOf('&', at);
    const end = next < 0 ? url.length : next;
    const equals = url.indexOf('=', at);
    const start = at;
    at = end + 1;
    // The tags of campaigns, which most addresses with a query have.
    if (url.startsWith('utm_', start)) continue;
    if (namesPersonal(url.slice(start, equals < 0 || equals > end ? end : equals))) return true;
  }
  return false;
}

function prefixed(sign: string, text: string | undefined): string {
  return text === undefined ? '' : sign + text;
}

function cleanPath(path: string): string {
  if (!mayHoldIdentifier(path) && !path.includes('{')) return path;
  const parts = withoutUser(path).split('/');
  return parts.filter((part) => !holdsIdentifier(part) && !holdsPersonalJson(part)).join('/');
}

function withoutUser(path: string): string {
  const start = path.indexOf('//') + 2;
  if (start < 2) return path;
  const slash = path.indexOf('/', start);
  const user = path.lastIndexOf('@', slash < 0 ? path.length : slash);
  return user < start ? path : path.slice(0, start) + path.slice(user + 1);
}

/** Undefined when nothing is left of what was there. */
function cleanQuery(query: string): string | undefined {
  const parameters = query.split('&');
  const kept = parameters.filter((parameter) => !isPersonal(parameter));
  if (kept.length === parameters.length) return query;
  return kept.length === 0 ? undefined : kept.join('&');
}

/** `#section`, `#/orders/7`, `#/orders?email=…` or `#access_token=…&…` */
function cleanFragment(fragment: string): string | undefined {
  const query = fragment.indexOf('?');
  const first = query < 0 ? fragment : fragment.slice(0, query);
  const head = first.includes('=') ? cleanQuery(first) : cleanPath(first);
  if (query < 0) return head;
  return (head ?? '') + prefixed('?', cleanQuery(fragment.slice(query + 1)));
}

function isPersonal(parameter: string): boolean {
  const equals = parameter.indexOf('=');
  const name = equals < 0 ? parameter : parameter.slice(0, equals);
  if (namesPersonal(name.includes('%') || name.includes('+') ? decodedText(name.replaceAll('+', ' ')) : name)) {
    return true;
  }
  if (equals >= 0 && holdsPersonalParameter(parameter.slice(equals + 1))) return true;
  if (holdsPersonalJson(parameter)) return true;
  if (!mayHoldIdentifier(parameter)) return false;
  // A form writes blanks as plus signs, which are the beginning of a phone number elsewhere.
  return holdsIdentifier(parameter) || (parameter.includes('+') && holdsIdentifier(parameter.replaceAll('+', ' ')));
}

function namesPersonal(name: string): boolean {
  const kind = nameKind(name);
  return kind === 'secret' || (kind === 'identifier' && !tooShort.has(name.toLowerCase()));
}

/** An address that is the value of a parameter, with parameters of its own; or parameters that a semicolon divides. */
function holdsPersonalParameter(value: string): boolean {
  if (!/[%?;]/.test(value)) return false;
  return decodedText(value)
    .split(/[?&;#]/)
    .slice(1)
    .some((parameter) => parameter.includes('=') && namesPersonal(parameter.split('=', 1)[0] ?? ''));
}

/** The name of a member as JSON writes it, also within a text of JSON. */
const jsonName = /["']([^"'\\]{1,128})\\?["']\s*:/g;

/** JSON, of which a member is named like an identifier: state that a page keeps in its address. */
function holdsPersonalJson(text: string): boolean {
  if (!text.includes('{') && !text.includes('%')) return false;
  const decoded = decodedText(text);
  if (!decoded.includes('{')) return false;
  const names = Array.from(decoded.matchAll(jsonName), ([, name = '']) => name);
  const ofPerson = names.some(namesPerson);
  return names.some((name) => namesPersonal(name) || (ofPerson && isIdentifierName(name, true)));
}
