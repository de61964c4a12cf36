/**
 * Glob patterns: `*` is any run of characters, `?` one character, `[a-z_]` one of a list, `\x` is x itself. The whole
 * text must match, case counts, a character is a code point. A class has no negation: `[^a]` is a circumflex or an a.
 * A `[` that is never closed stands for itself.
 */
type Element = number | CharacterClass;

/** Pairs of first and last code point. */
type CharacterClass = readonly number[];

const star = -1;
const anyCharacter = -2;

/** True when the whole of `text` matches `pattern`. For a pattern that is known beforehand, `compileGlob` is faster. */
export function matchGlob(pattern: string, text: string): boolean {
  return matchElements(parseGlob(pattern), text);
}

/** A test for texts, specialized for a pattern without wildcards or with stars at its ends only. */
export function compileGlob(pattern: string): (text: string) => boolean {
  const elements = parseGlob(pattern);
  const leading = elements[0] === star;
  const trailing = elements.length > 1 && elements.at(-1) === star;
  const inner = elements.slice(leading ? 1 : 0, trailing ? -1 : undefined);
  if (!inner.every(isLiteral)) return (text) => matchElements(elements, text);
  const literal = fromElements(inner);
  if (leading && trailing) return (text) => text.includes(literal);
  if (leading) return (text) => text.endsWith(literal);
  if (trailing) return (text) => text.startsWith(literal);
  return (text) => text === literal;
}

/** The one text that a pattern matches, if it has no wildcard. */
export function literalOfGlob(pattern: string): string | undefined {
  const elements = parseGlob(pattern);
  return elements.every(isLiteral) ? fromElements(elements) : undefined;
}

function isLiteral(element: Element): element is number {
  return typeof element === 'number' && element >= 0;
}

function fromElements(elements: readonly number[]): string {
  return elements.map((code) => String.fromCodePoint(code)).join('');
}

/**
 * On a mismatch only the last star takes one more character: an earlier star needs no second chance, since whatever
 * it could take the last one can take too. So the work is at most the text times the longest run between two stars.
 */
function matchElements(elements: readonly Element[], text: string): boolean {
  let at = 0;
  let index = 0;
  let resumeIndex = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const element = elements[index];
    const code = text.codePointAt(at) ?? 0;
    if (element === star) {
      index += 1;
      resumeIndex = index;
      resumeAt = at;
    } else if (element !== undefined && accepts(element, code)) {
      index += 1;
      at += widthOf(code);
    } else if (resumeIndex === -1) {
      return false;
    } else {
      resumeAt += widthOf(text.codePointAt(resumeAt) ?? 0);
      at = resumeAt;
      index = resumeIndex;
    }
  }
  return index === elements.length || (index === elements.length - 1 && elements[index] === star);
}

function accepts(element: Element, code: number): boolean {
  if (typeof element === 'number') return element === code || element === anyCharacter;
  for (let pair = 0; pair < element.length; pair += 2) {
    if (code >= (element[pair] ?? 0) && code <= (element[pair + 1] ?? -1)) return true;
  }
  return false;
}

function widthOf(code: number): number {
  return code > 0xffff ? 2 : 1;
}

/** Stars that follow each other become one. */
function parseGlob(pattern: string): readonly Element[] {
  const points = Array.from(pattern, (character) => character.codePointAt(0) ?? 0);
  const elements: Element[] = [];
  let index = 0;
  let mayHoldClass = true;
  while (index < points.length) {
    const code = points[index] ?? 0;
    const parsed = code === 0x5b && mayHoldClass ? parseClass(points, index) : undefined;
    // Where one class is never closed no later one is: looking again at every "[" would take quadratic time.
    if (code === 0x5b && parsed === undefined) mayHoldClass = false;
    if (parsed !== undefined) {
      elements.push(parsed.ranges);
      index = parsed.end;
    } else if (code === 0x5c && index + 1 < points.length) {
      elements.push(points[index + 1] ?? 0);
      index += 2;
    } else {
      const element = code === 0x2a ? star : code === 0x3f ? anyCharacter : code;
      if (element !== star || elements.at(-1) !== star) elements.push(element);
      index += 1;
    }
  }
  return elements;
}

function parseClass(
  points: readonly number[],
  start: number,
): { readonly ranges: CharacterClass; readonly end: number } | undefined {
  const ranges: number[] = [];
  let index = start + 1;
  while (index < points.length && points[index] !== 0x5d) {
    const low = readMember(points, index);
    index = low.end;
    const isRange = points[index] === 0x2d && index + 1 < points.length && points[index + 1] !== 0x5d;
    const high = isRange ? readMember(points, index + 1) : low;
    index = high.end;
    ranges.push(low.code, high.code);
  }
  return index < points.length ? { ranges, end: index + 1 } : undefined;
}

function readMember(points: readonly number[], index: number): { readonly code: number; readonly end: number } {
  const escaped = points[index] === 0x5c && index + 1 < points.length;
  return { code: points[escaped ? index + 1 : index] ?? 0, end: index + (escaped ? 2 : 1) };
}
