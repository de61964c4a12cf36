const firstSeed = 0x2545f491;
const secondSeed = 0x9e3779b9;
/** Odd, so that nothing is lost in multiplying. */
const firstFactor = 0x01000193;
const secondFactor = 0x27d4eb2d;
const bits32 = 2 ** 32;
const bits21 = 2 ** 21 - 1;

/**
 * 53 bits of a text: two texts with the same ones are one among 10 million millions. Not secret: whoever chooses the texts can
 * make two of them alike.
 */
export function textHash(text: string): number {
  let first = firstSeed;
  let second = secondSeed;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    first = Math.imul(first ^ code, firstFactor);
    second = Math.imul(second ^ code ^ (second >>> 15), secondFactor);
  }
  first ^= first >>> 16;
  second ^= first >>> 13;
  return (second & bits21) * bits32 + (first >>> 0);
}
