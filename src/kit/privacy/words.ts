/**
 * The words of a name: `customerEMail_2` → customer, e, mail. Case, separators and digits divide them; accents are
 * taken off, so that `Téléphone` is `telephone`.
 */
export function wordsOf(name: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let before = 0;
  const plain = isAscii(name) ? name : withoutAccents(name);
  for (let at = 0; at < plain.length; at += 1) {
    const code = plain.charCodeAt(at);
    const kind = kindOf(code);
    const begins = kind === upper && (before === lower || (before === upper && isLower(plain.charCodeAt(at + 1))));
    if ((kind === 0 || begins) && word !== '') {
      words.push(word);
      word = '';
    }
    if (kind !== 0) word += plain.charAt(at).toLowerCase();
    before = kind;
  }
  if (word !== '') words.push(word);
  return words;
}

const lower = 1;
const upper = 2;

/** 0: no letter. Letters of other scripts count as lower case. */
function kindOf(code: number): number {
  if (isLower(code) || code > 127) return lower;
  return code >= 65 && code <= 90 ? upper : 0;
}

function isLower(code: number): boolean {
  return code >= 97 && code <= 122;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false;
  return true;
}

function withoutAccents(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss').replaceAll('ø', 'o').replaceAll('ł', 'l');
}
