const letters = 'abcdefghijklmnopqrstuvwxyz';
const letterA = 0x61;
const caseBit = 0x20;

/** All pairs of letters from `aa` to `zz`: codes of countries and states are such, and in most events. */
export const letterPairs: readonly string[] = [...letters].flatMap((first) =>
  [...letters].map((second) => first + second),
);

/** The place in `letterPairs` of a text that is two letters a to z, in either case; -1 for every other text. */
export function letterPairIndex(text: string): number {
  if (text.length !== 2) return -1;
  const first = (text.charCodeAt(0) | caseBit) - letterA;
  const second = (text.charCodeAt(1) | caseBit) - letterA;
  return first >= 0 && first < 26 && second >= 0 && second < 26 ? first * 26 + second : -1;
}
