import { fingerprint } from '../core/fingerprint.ts';
import { isRecognizedWord } from './recognized-words.ts';

const longest = 200;

/**
 * Meta's text fit for a log: words, field names, small numbers, codes, times of these years and links to Meta's own pages
 * pass. Everything else may be somebody's data, and is told by a fingerprint: `meta-actions fingerprint VALUE` prints the
 * one of a value.
 */
export function recognizedText(text: string): string {
  const shown: string[] = [];
  let hidden: string[] = [];
  const flush = () => {
    if (hidden.length === 0) return;
    const value = hidden.join(' ').replace(/^["'([{]+|["')\]},.;:!?]+$/g, '');
    shown.push(`${fingerprint(value)}***`);
    hidden = [];
  };
  // Bounded first; what that cuts is not recognized.
  for (const [token] of text
    .slice(0, 2_000)
    .replace(/\p{C}+/gu, ' ')
    .matchAll(tokens)) {
    if (isRecognized(token)) {
      flush();
      shown.push(token);
    } else hidden.push(token);
  }
  flush();
  const joined = shown.join(' ');
  return joined.length > longest ? `${joined.slice(0, longest - 1)}…` : joined;
}

/** Groups of digits with spaces between them are one token: a phone number, most likely. */
const tokens = /\+?\(?\d[\d().\-/]*(?:\s+[\d(][\d().\-/]*)+(?![\d:])|\S+/g;

const opening = /^["'`([{]+/;
const closing = /["'`)\]},.;:!?…]+$/;

const forms: readonly RegExp[] = [
  // Numbers and codes: `(#100)`, `7`, `24.5`, `v27.0`. Longer ones may be phone numbers.
  /^#?\d{1,6}(?:\.\d{1,3})?%?$/,
  /^v\d{1,3}\.\d$/,
  // Times of these years: a birthday is older.
  /^20[2-9]\d-[01]\d-[0-3]\d(?:T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?$/,
  /^[0-3]?\d-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-(?:20)?[2-9]\d$/,
  /^[0-2]?\d:[0-5]\d(?::[0-5]\d)?Z?$/,
  // Meta's own pages, without what may be asked of them.
  /^https:\/\/(?:developers|business|www)\.facebook\.com[\w/.#-]{0,100}$/,
  /^[-–/&+=<>]$/,
];

function isRecognized(token: string): boolean {
  if (isDataPath(token)) return true;
  const core = token.replace('(s)', '').replace(opening, '').replace(closing, '');
  if (core === '' || forms.some((form) => form.test(core))) return true;
  return /^[A-Za-z][\w'-]{0,59}$/.test(core) && isRecognizedWord(core);
}

/** `$['data'][0]['custom_data']` */
function isDataPath(token: string): boolean {
  const core = token.replace(/^["'(]+/, '').replace(/[")'.,:;]+$/, '');
  if (!/^\$(?:\[(?:'\w{1,64}'|\d{1,6})\])+$/.test(core)) return false;
  return [...core.matchAll(/'(\w+)'/g)].every(([, name = '']) => isRecognizedWord(name));
}
