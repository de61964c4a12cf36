import { isObject, type JsonObject } from '../../core/json.ts';
import { isIdentifierName, namesPassword, namesPerson } from './identifier-name.ts';
import { isCard } from '../../identity/card.ts';
import { holdsIdentifier, mayHoldIdentifier } from '../../identity/identifier-text.ts';
import { withoutIdentifiersInQuery, withoutIdentifiersInUrl } from './url.ts';

/** What was taken out of one field: how many values, and the places of the first. */
export interface Stripped {
  count: number;
  readonly places: string[];
}

export function nothingStripped(): Stripped {
  return { count: 0, places: [] };
}

interface StripOptions {
  /** Says of the place of a member (`custom_data.order.email`) that it is sent as it is, on purpose. */
  readonly allows?: ((place: string) => boolean) | undefined;
  /** Has the members whose names are Meta's: only their values are looked at. */
  readonly known?: object | undefined;
}

const deepest = 32;
/** The shortest JSON that has a name and a value in it. */
const shortestJson = 8;
const mostPlaces = 5;

/**
 * The object without what identifies somebody, at any depth: members with names of identifiers or passwords, and texts
 * that hold one, also in lists, in addresses and in JSON within a text. The object itself where there is nothing of that kind;
 * it is never changed.
 */
export function withoutIdentifiers(
  object: JsonObject,
  place: string,
  found: Stripped,
  { allows, known }: StripOptions = {},
): JsonObject {
  if (allows?.(place)) return object;
  return cleanObject(object, { name: place, parent: undefined, found, allows, known, ofPerson: false, depth: 0 });
}

/** The text, or as much of it as is an address without identifiers; undefined where it has to go. */
export function textWithoutIdentifiers(text: string): string | undefined {
  if (!mayNeedStripping(text)) return text;
  // Pasted or printed: what is in the blanks decides.
  const bare = text.trim();
  if (bare !== text) {
    const rest = textWithoutIdentifiers(bare);
    return rest === bare ? text : rest;
  }
  if (mayBeJson(text.charCodeAt(0))) return holdsIdentifierInJson(text) ? undefined : text;
  const rest = restOfAddress(text);
  return rest === '' || holdsIdentifier(rest) ? undefined : rest;
}

/** What is left of an address of a page, of a part of one (`/cart?step=2`, `?step=2`), or of parameters alone. */
function restOfAddress(text: string): string {
  if (isUrl(text)) return withoutIdentifiersInUrl(text);
  if (!text.includes('=') || !parameters.test(text) || base64.test(text)) return text;
  return /[?#]/.test(text) ? withoutIdentifiersInUrl(text) : withoutIdentifiersInQuery(text);
}

/** A name and a value: no sentence. */
const parameters = /^[^\s=]+=[^=]/;
const base64 = /^[\w+/-]+={1,2}$/;

/** Where an object stands; its place is written out only where it is asked for. */
interface At {
  readonly name: string;
  readonly parent: At | undefined;
  readonly found: Stripped;
  readonly allows: StripOptions['allows'];
  readonly known: object | undefined;
  /** The object is about a person: `customer`. */
  readonly ofPerson: boolean;
  readonly depth: number;
}

function cleanObject(object: JsonObject, at: At): JsonObject {
  let kept: Record<string, unknown> | undefined;
  for (const key of Object.keys(object)) {
    const given = object[key];
    const cleaned = cleanMember(key, given, at);
    if (cleaned === given) continue;
    kept ??= { ...object };
    if (cleaned === undefined) delete kept[key];
    else kept[key] = cleaned;
  }
  return kept ?? object;
}

function cleanMember(key: string, value: unknown, at: At): unknown {
  // True or false identifies nobody: `email_verified`.
  if (typeof value === 'boolean' || value === null) return holdsIdentifier(key) ? stripped(at, key) : value;
  if (at.allows?.(`${pathOf(at)}.${key}`)) return value;
  const isKnown = at.known !== undefined && Object.hasOwn(at.known, key);
  if (!isKnown && (isIdentifierName(key, at.ofPerson) || namesPassword(key) || holdsIdentifier(key))) {
    return stripped(at, key);
  }
  if (typeof value !== 'object') return cleanValue(value, key, at);
  const { found, allows, depth } = at;
  const ofPerson = at.ofPerson || namesPerson(key);
  return cleanInside(value, { name: key, parent: at, found, allows, known: undefined, ofPerson, depth: depth + 1 });
}

function pathOf({ name, parent }: At): string {
  return parent === undefined ? name : `${pathOf(parent)}.${name}`;
}

/** As `pathOf`, for people: without names that are data. */
function placeOf({ name, parent }: At): string {
  return parent === undefined ? name : `${placeOf(parent)}.${printable(name)}`;
}

function cleanInside(value: object, at: At): unknown {
  if (at.depth > deepest) return undefined;
  if (!Array.isArray(value)) return cleanObject(value as JsonObject, at);
  let kept: unknown[] | undefined;
  for (const [index, item] of value.entries()) {
    const cleaned =
      typeof item === 'object' && item !== null
        ? cleanInside(item, { ...at, depth: at.depth + 1 })
        : cleanValue(item, '', at);
    if (cleaned !== item) kept ??= value.slice(0, index);
    if (cleaned !== undefined) kept?.push(cleaned);
  }
  return kept ?? value;
}

function cleanValue(value: unknown, key: string, at: At): unknown {
  if (typeof value === 'number') return value > 1e12 && isCard(String(value)) ? stripped(at, key) : value;
  if (typeof value !== 'string') return value;
  const cleaned = textWithoutIdentifiers(value);
  if (cleaned !== value) stripped(at, key);
  return cleaned;
}

function stripped(at: At, key: string): undefined {
  const { count, places } = at.found;
  at.found.count = count + 1;
  if (places.length >= mostPlaces) return undefined;
  const place = key === '' ? placeOf(at) : `${placeOf(at)}.${printable(key)}`;
  if (!places.includes(place)) places.push(place);
  return undefined;
}

/** A name that may be printed: one that people write, and not one that is data. */
function printable(key: string): string {
  return /^[\p{L}_][\p{L}\d_ .-]{0,63}$/u.test(key) && !holdsIdentifier(key) && !/\d{4}/.test(key) ? key : '…';
}

/** False for most texts: no address of a page, no parameters of one, no JSON, and nothing that identifiers have. */
export function mayNeedStripping(text: string): boolean {
  const first = text.charCodeAt(0);
  if (
    mayBeJson(first) ||
    isBlank(first) ||
    text.includes('=') ||
    ((first === lowerH || first === lowerH - 32) && isUrl(text))
  )
    return true;
  return mayHoldIdentifier(text);
}

function mayBeJson(first: number): boolean {
  return first === openBrace || first === openBracket || first === quote;
}

/** A blank or the end of a line, also one that does not break, or the mark at the beginning of a file. */
function isBlank(first: number): boolean {
  return first <= blank || first === 0xa0 || first === 0xfeff;
}

const blank = 32;
const quote = 34;
const openBracket = 91;
const lowerH = 104;
const openBrace = 123;

function isUrl(text: string): boolean {
  const start = text.slice(0, 8).toLowerCase();
  return start === 'https://' || start.startsWith('http://');
}

function holdsIdentifierInJson(text: string): boolean {
  if (holdsIdentifier(text)) return true;
  if (text.length < shortestJson) return false;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return textWithoutIdentifiers(value) !== value;
    if (!isObject(value) && !Array.isArray(value)) return false;
    const found = nothingStripped();
    withoutIdentifiers({ json: value }, '', found);
    return found.count > 0;
  } catch {
    return false;
  }
}
