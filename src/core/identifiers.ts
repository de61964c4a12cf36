/**
 * What became of an identifier of an event: sent (`hashed` here, `passed` on as the hash it was, or `plain`, of a field
 * that is never hashed), or left out (`unusable`: no identifier of its kind; `junk`: a filler such as `n/a`).
 */
export type IdentifierStatus = 'hashed' | 'passed' | 'plain' | 'unusable' | 'junk';

/** By field; one that the event doesn't have isn't there. Of several values of a field the best counts. */
export type IdentifierStatuses = Readonly<Record<string, IdentifierStatus>>;
