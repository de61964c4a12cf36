/** Members whose value is a secret, in whatever file somebody wrote them. */
const secretMember =
  /(?<![\w-])[\w-]{0,64}?(?:token|secret|passw|passphrase|proof|credential|api[_-]?key|access[_-]?key|private[_-]?key|authorization|bearer)[\w-]{0,64}["']?\s{0,100}[:=]\s{0,1000}/gi;

/** Access tokens of users, systems and apps, by their looks. */
const tokenShape = /EAA[A-Za-z0-9]{16,}|\b\d{6,}\|[A-Za-z0-9_-]{8,}/g;

/**
 * A text of which secrets are starred out, so that problems may show lines of it. Its length and its lines stay: places
 * hold. It is a text that may be no JSON at all, so this looks at words, not at structure; too much hidden does no harm.
 */
export function hideSecrets(text: string): string {
  let shown = '';
  let end = 0;
  for (const match of text.matchAll(secretMember)) {
    const start = match.index + match[0].length;
    if (start < end) continue;
    const length = valueLength(text, start);
    shown += text.slice(end, start) + stars(text.slice(start, start + length));
    end = start + length;
  }
  return hideTokens(shown + text.slice(end));
}

/** For messages, which may quote what somebody wrote in a wrong place. */
export function hideTokens(text: string): string {
  return text.replace(tokenShape, (token) => '*'.repeat(token.length));
}

/** How long the value is that starts here: up to the end of what it opens, or of the word. */
function valueLength(text: string, start: number): number {
  const rest = text.slice(start, start + longestValue);
  // Over ends of lines: a token that was pasted with them in it is one all the same.
  const [quoted] = /^(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?)/s.exec(rest) ?? [];
  if (quoted !== undefined) return quoted.length;
  const [opened] = /^(?:\{[^}]*\}?|\[[^\]]*\]?)/.exec(rest) ?? [];
  if (opened !== undefined) return opened.length;
  return /^[^\s,}\]]*/.exec(rest)?.[0].length ?? 0;
}

/** A secret that is longer isn't one. */
const longestValue = 10_000;

/** A reference may be shown, as far as it isn't itself a secret that was written in its place. */
const reference = /^\{\s*(?:"\$env"\s*:\s*"[A-Za-z_]\w{0,99}"|"\$file"\s*:\s*"[\w./ -]{1,200}")\s*\}$/;

function stars(value: string): string {
  return reference.test(value) ? value : value.replace(/[^\s"'{}[\]:,]/g, '*');
}
