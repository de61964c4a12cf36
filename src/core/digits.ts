const zero = 48;
const nine = 57;

/** Where the run of digits that starts at `start` ends. */
export function digitsEnd(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code < zero || code > nine) break;
    at += 1;
  }
  return at;
}
