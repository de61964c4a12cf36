/** More than any of Meta's errors that one process meets. */
const mostNumbers = 200;

/**
 * Codes as values of a label. Ours are few; the numbers in those of answers are whatever Meta, or something on the way
 * to it, writes, and each value is a series for good: numbers that come after many others share one.
 */
export function createCodeLabels(): (code: string) => string {
  const seen = new Set<string>();
  return (code) => {
    if (!code.startsWith('META_') || seen.has(code)) return code;
    if (seen.size >= mostNumbers) return 'META_OTHERS';
    seen.add(code);
    return code;
  };
}
