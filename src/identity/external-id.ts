import { isIdentifier } from './identifier-text.ts';
import { wholeNumberText } from './number-text.ts';
import type { IdentityOptions } from './options.ts';

const whiteSpace = /\s/;
const allWhiteSpace = /\s+/g;

/**
 * External id. Meta, customer information parameters: any id of the advertiser's, the same in every channel, hashing
 * recommended. The form is that of Meta's parameter builder, which runs beside the pixel: lower case, no white space.
 * In audiences it goes as given (Meta, custom audiences: EXTERN_ID is not hashed), since a removal must repeat byte
 * for byte what was added; one that is an e-mail address or a phone number is hashed all the same. An id that was a number once loses its fraction of zeros; one with an exponent is nobody's.
 */
export function normalizeExternalId(text: string, options: IdentityOptions): string | undefined {
  const id = externalIdOf(text, options);
  return id === undefined ? undefined : wholeNumberText(id);
}

/** The external id that a text is. */
export function externalIdOf(text: string, options: IdentityOptions): string | undefined {
  if (!hashesExternalId(options, text)) return text;
  const lower = text.toLowerCase();
  const id = whiteSpace.test(lower) ? lower.replace(allWhiteSpace, '') : lower;
  return id === '' ? undefined : id;
}

/**
 * Whether the external id is hashed: always for conversions; for audiences when the destination says so, and where the id
 * is what nobody may read.
 */
export function hashesExternalId(options: IdentityOptions, text: string): boolean {
  if (options.audience !== true || options.hashExternalId === true) return true;
  return options.idsInClear !== true && isIdentifier(text);
}
