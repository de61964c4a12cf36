import { endOfDigits, isDigit } from './ascii.ts';
import { cardIn, shortestCard, type Span } from './card.ts';
import { certainInternational } from './national-phone.ts';
import { parsePhone } from './phone-metadata.ts';

/**
 * Identifiers in text, by their shape: an e-mail address, a phone number in international form, the number of a card.
 * Everything here looks at each character a few times at most; nothing can backtrack.
 */

const at = 64;
const plus = 43;
const percent = 37;
const backslash = 92;
const zero = 48;
const nine = 57;
/** The shortest text with an identifier is an address such as a@b.co. */
const shortest = 6;
/** A phone with 00 before its country's code, or a card, has at least so many digits. */
const fewDigits = 9;

/** What a text has that identifiers have; nothing for most texts, which need no closer look. */
const nothing = 0;
/** An @, a + or an encoded sign. */
const sign = 1;
/** Enough digits for a phone number with 00. */
const manyDigits = 2;
/** Enough digits for a card. */
const cardDigits = 4;

/** What each character counts: a digit one, a sign more than all digits of a text. */
const aSign = 1 << 24;
const counts = new Uint32Array(256);
for (let digit = zero; digit <= nine; digit += 1) counts[digit] = 1;
for (const code of [at, plus, percent, backslash]) counts[code] = aSign;

function traits(text: string): number {
  const { length } = text;
  if (length < shortest) return nothing;
  let count = 0;
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 256) count += counts[code] ?? 0;
    else if (code <= lastOther) count += digitOf(code) === undefined ? 0 : 1;
    else if (code > 0xff00) return sign | manyDigits | cardDigits;
    if (count >= aSign) return sign | manyDigits | cardDigits;
  }
  return count < fewDigits ? nothing : count < shortestCard ? manyDigits : manyDigits | cardDigits;
}

/** False for most texts: there can't be an identifier in it. */
export function mayHoldIdentifier(text: string): boolean {
  return traits(text) !== nothing;
}

/** True for a text with an identifier of a person in it, also percent-encoded, also more than once. */
export function holdsIdentifier(text: string): boolean {
  const found = traits(text);
  if (found === nothing) return false;
  const decoded = (found & sign) === 0 ? text : decodedText(text);
  return identifierIn(plainText(decoded), found) !== undefined;
}

/** Those that an id must have to be one, full-width ones too. */
const signs = /[@+%\uff0b\uff20]/;

/** The same for an id that is made of many digits: a phone number or an address only by its + or @. */
export function isIdentifier(id: string): boolean {
  return signs.test(id) && identifierIn(decodedText(id), sign) !== undefined;
}

const mostCuts = 20;

/** The text without the identifiers in it, and without the signs and blanks that they leave around. */
export function withoutIdentifiersInText(text: string): string {
  let rest = plainText(decodedText(text));
  for (let cuts = 0; cuts < mostCuts; cuts += 1) {
    const found = identifierIn(rest, sign | manyDigits | cardDigits);
    if (found === undefined) return rest.replaceAll(/[<>()[\]"',;:\s]+/g, ' ').trim();
    rest = rest.slice(0, found.start) + rest.slice(found.end);
  }
  return '';
}

const rounds = 3;

/** The text as it is meant: percent-encoding, of which there may be several layers, and full-width signs resolved. */
export function decodedText(text: string): string {
  let decoded = text;
  for (let round = 0; round < rounds && decoded.includes('%'); round += 1) {
    const next = percentDecoded(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  if (decoded.includes('\\')) decoded = decoded.replaceAll(/\\u00([24][0b])/gi, (_, hex: string) => fromHex(hex));
  return /[\uff00-\uffef]/.test(decoded) ? decoded.normalize('NFKC') : decoded;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Something in it is no encoding of UTF-8: what is ASCII is still read.
    return text.replaceAll(/%([2-7][0-9a-f])/gi, (_, hex: string) => fromHex(hex));
  }
}

function fromHex(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}

/** Zeros of the digits that phones and keyboards write in Arabic, Persian, Hindi, Bengali and Thai. */
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50] as const;
const lastOther = 0xe59;

function digitOf(code: number): number | undefined {
  if (code < zeros[0]) return undefined;
  const found = zeros.find((each) => code >= each && code < each + 10);
  return found === undefined ? undefined : code - found;
}

const beyondAscii = /[^\p{ASCII}]/u;
const dash = /\p{Pd}|\u2212/gu;
const unseen = /\p{Cf}/gu;

/**
 * The text as a keyboard would write it: typographic blanks and dashes (a narrow blank in a French number, a dash that an
 * editor made of a hyphen), marks that nobody sees, and digits of other scripts.
 */
function plainText(text: string): string {
  if (!beyondAscii.test(text)) return text;
  return text
    .replace(unseen, '')
    .replaceAll(/\p{Zs}/gu, ' ')
    .replace(dash, '-')
    .replaceAll(/[^\P{Nd}0-9]/gu, (digit) => String(digitOf(digit.charCodeAt(0)) ?? digit));
}

/** The first identifier of a text that is decoded, among the kinds that it can have. */
function identifierIn(text: string, found: number): Span | undefined {
  return (
    ((found & sign) === 0 ? undefined : (emailIn(text) ?? phoneIn(text))) ??
    ((found & manyDigits) === 0 ? undefined : dialledPhoneIn(text)) ??
    ((found & cardDigits) === 0 ? undefined : cardIn(text))
  );
}

function emailIn(text: string): Span | undefined {
  for (let index = text.indexOf('@'); index >= 0; index = text.indexOf('@', index + 1)) {
    let start = index;
    while (start > 0 && isLocal(text.charCodeAt(start - 1))) start -= 1;
    if (start === index) continue;
    const end = domainEnd(text, index + 1);
    if (end > 0) return { start, end };
  }
  return undefined;
}

/** Where a domain with a top level of letters ends; 0 when there is none. */
function domainEnd(text: string, start: number): number {
  let end = start;
  let found = false;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code === 46) {
      found ||= end > start && isAlphabetic(text.charCodeAt(end + 1)) && isAlphabetic(text.charCodeAt(end + 2));
    } else if (!isAlphabetic(code) && !isDigit(code) && code !== 45) break;
    end += 1;
  }
  return found ? end : 0;
}

/** A phone number with + and the country's code. */
function phoneIn(text: string): Span | undefined {
  for (let index = text.indexOf('+'); index >= 0; index = text.indexOf('+', index + 1)) {
    const read = readDigits(text, text.startsWith('00', index + 1) ? index + 3 : index + 1);
    if (isE164(read)) return { start: index, end: read.end };
  }
  return undefined;
}

/** A phone number with 00 and the country's code, which must be one that exists: many ids begin with zeros. */
function dialledPhoneIn(text: string): Span | undefined {
  for (let index = text.indexOf('00'); index >= 0; index = text.indexOf('00', index + 2)) {
    if (index > 0 && (isDigit(text.charCodeAt(index - 1)) || text.charCodeAt(index - 1) === 46)) continue;
    if (text.charCodeAt(index + 2) === zero) continue;
    const read = readDigits(text, index + 2);
    if (isE164(read) && (isAssigned(read.digits) || beginsWithPhone(text, index + 2))) {
      return { start: index, end: read.end };
    }
  }
  return undefined;
}

function isAssigned(digits: string): boolean {
  return parsePhone(`+${digits}`, 'us')?.valid === true;
}

/** Behind the number may stand another: a day, or how many. Then some of the groups are a number by themselves. */
function beginsWithPhone(text: string, start: number): boolean {
  let digits = '';
  for (let index = start; digits.length < mostOfPhone; ) {
    const end = endOfDigits(text, index);
    digits += text.slice(index, Math.min(end, index + mostOfPhone + 1));
    if (digits.length <= mostOfPhone && certainInternational(digits) !== undefined) return true;
    index = nextDigit(text, end);
    if (index === 0) return false;
  }
  return false;
}

/** Where the digits go on behind what may stand between them; 0: they don't. */
function nextDigit(text: string, end: number): number {
  for (let index = end; index <= end + mostBlanks; index += 1) {
    if (isDigit(text.charCodeAt(index))) return index;
    if (!isBetweenDigits(text.charCodeAt(index))) return 0;
  }
  return 0;
}

function isE164({ digits }: Digits): boolean {
  return digits.length >= 7 && digits.length <= mostOfPhone && !digits.startsWith('0');
}

interface Digits {
  readonly digits: string;
  readonly end: number;
}

const mostDigits = 20;
/** Of a number with its country's code (E.164). */
const mostOfPhone = 15;
const mostBlanks = 3;

/** The digits from `start` on, with blanks, dots, dashes, slashes and brackets between them, and where they end. */
function readDigits(text: string, start: number): Digits {
  let digits = '';
  let end = start;
  for (let index = start, blanks = 0; index < text.length && digits.length < mostDigits; index += 1) {
    const code = text.charCodeAt(index);
    if (isDigit(code)) {
      digits += text.charAt(index);
      blanks = 0;
      end = index + 1;
    } else {
      blanks += 1;
      if (!isBetweenDigits(code) || blanks > mostBlanks) break;
    }
  }
  return digits.length > mostOfPhone ? { digits: groupsOf(text, start), end } : { digits, end };
}

/** What is too long for one number may be one and something else behind it: the groups that make no more than one. */
function groupsOf(text: string, start: number): string {
  let digits = '';
  for (let index = start; index < text.length; ) {
    const from = index;
    while (index < text.length && isDigit(text.charCodeAt(index))) index += 1;
    if (digits.length + index - from > mostOfPhone) break;
    digits += text.slice(from, index);
    if (index === from && !isBetweenDigits(text.charCodeAt(index))) break;
    if (index === from) index += 1;
  }
  return digits;
}

function isBetweenDigits(code: number): boolean {
  return code === 32 || code === 0xa0 || (code >= 45 && code <= 47) || code === 40 || code === 41 || code === 0x2011;
}

function isAlphabetic(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code > 127;
}

/** What may stand before the @ of an address. */
function isLocal(code: number): boolean {
  return isAlphabetic(code) || isDigit(code) || localSigns.has(code);
}

const localSigns: ReadonlySet<number> = new Set([...'!#$&\'*+-/=?^_`{|}~."%'].map((sign) => sign.charCodeAt(0)));
