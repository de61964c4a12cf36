import { wholeNumberText } from './number-text.ts';

const whiteSpace = /\s/;
const digits = /^\d{1,20}$/;
const leadDigits = /^\d{15,20}$/;

/** An id that somebody else made: its characters and their case stay as they are. Never hashed. */
export function normalizeOpaqueId(text: string): string | undefined {
  const whole = wholeNumberText(text);
  return whole === undefined ? undefined : opaqueIdOf(whole);
}

/** The id that a text is. */
export function opaqueIdOf(text: string): string | undefined {
  const id = text.trim();
  return id === '' || whiteSpace.test(id) ? undefined : id;
}

/** An id of Meta's that is a 64-bit integer, kept as text because a number would lose digits above 2^53. */
export function normalizeNumericId(text: string): string | undefined {
  const id = wholeNumberText(text)?.trim() ?? '';
  return digits.test(id) ? id : undefined;
}

/**
 * Lead id. Meta, conversion leads: 15 to 17 digits; a wrong one fails the whole request (100/2804036). Longer ones, up
 * to what 64 bits hold, are let through: Meta's ids have grown before.
 */
export function normalizeLeadId(text: string): string | undefined {
  const id = wholeNumberText(text)?.trim() ?? '';
  return leadDigits.test(id) ? id : undefined;
}

/** User agent. Meta, customer information parameters: never hashed. As the browser sent it. */
export function normalizeUserAgent(text: string): string | undefined {
  const agent = text.trim();
  return agent === '' ? undefined : agent;
}
