/**
 * What one field may hold. Beyond it the field (of an open object: the member) is left out before anything is done with
 * it, so that no record keeps the process busy; docs/reference/codes.md tells the numbers.
 */

/** Items of a list. */
export const maxItems = 1_000;
/** Characters of a text. */
export const maxText = 16_384;
/** Members and items of an object, at all depths together. */
export const maxMembers = 10_000;
/** Characters of the texts of an object, all together. */
export const maxTextOfObject = 262_144;
