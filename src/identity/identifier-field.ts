import type { IdentityOptions } from './options.ts';

/** What becomes of one kind of identifier. */
export interface IdentifierField {
  /** Sent as SHA-256. */
  readonly hashed: boolean;
  /** `external_id`: hashed for conversions only, unless the destination says otherwise. */
  readonly asGivenInAudiences: boolean;
  /** Meta takes a list of them in an event. */
  readonly multiple: boolean;
  /** A person's name, which may be spelled like a placeholder. */
  readonly personName: boolean;
  /** The value as it is hashed or sent; undefined when it can't be used. */
  readonly normalize: (text: string, options: IdentityOptions) => string | undefined;
  /** The text of a value that is an object; without it objects can't be used. */
  readonly objectText: ((value: object) => string | undefined) | undefined;
}

type Normalize = IdentifierField['normalize'];
type Details = Partial<Pick<IdentifierField, 'multiple' | 'personName' | 'asGivenInAudiences' | 'objectText'>>;

/** Sent as SHA-256. */
export function hashed(normalize: Normalize, details: Details): IdentifierField {
  return define(true, normalize, details);
}

/** Never hashed. */
export function plain(normalize: Normalize): IdentifierField {
  return define(false, normalize, {});
}

/** Every rule has the same members: millions of values a minute pass the code that reads them. */
function define(isHashed: boolean, normalize: Normalize, details: Details): IdentifierField {
  const { multiple = false, personName = false, asGivenInAudiences = false, objectText } = details;
  return { hashed: isHashed, asGivenInAudiences, multiple, personName, normalize, objectText };
}
