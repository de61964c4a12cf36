const rules: readonly (readonly [RegExp, string])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  [/[\u0000-\u001f\u007f\s]+/g, ' '],
  [/\S*(?:@|%40)\S*/gi, '***'],
  [/\b(access_token|appsecret_proof|input_token)=[^\s&"']+/gi, '$1=***'],
  [/\bEA[A-Za-z][A-Za-z0-9]{10,}/g, '***'],
  [/\b[0-9a-f]{32,}\b/gi, '***'],
  [/[A-Za-z0-9_+/=-]{40,}/g, '***'],
  [/\b(?:[0-9a-f]{1,4}:){3,}[0-9a-f:.]*/gi, '***'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '***'],
  [/\+?\d[\d\s().-]{5,}\d/g, '***'],
];

/**
 * A foreign text made fit for a log: e-mail addresses, tokens, hashes, network addresses and long numbers become
 * `***`, white space becomes single spaces, and at most `length` characters are kept.
 */
export function redact(text: string, length = 200): string {
  // Bounded first, so that the patterns stay cheap; a word that this cuts goes as a whole.
  const bounded = text.length > 2_000 ? text.slice(0, 2_000).replace(/\S{0,2000}$/, '') : text;
  const clean = rules.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), bounded).trim();
  return clean.length > length ? `${clean.slice(0, length - 1)}…` : clean;
}
