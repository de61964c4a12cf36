/** `fb.{subdomain index}.{milliseconds}.{click id or random number}`, with Meta's appendix of 2 or 8 characters. */
const pattern = /^fb\.\d+\.\d+\.[^\s.]+(?:\.(?:[\w-]{8}|[\w-]{2}))?$/;

/**
 * Click id (fbc) and browser id (fbp). Meta, fbp and fbc parameters: never hashed, case-sensitive; kept to the letter,
 * with the appendix of Meta's parameter builder. Another form is unusable.
 */
export function normalizeClickId(text: string): string | undefined {
  const id = text.trim();
  return pattern.test(id) ? id : undefined;
}
