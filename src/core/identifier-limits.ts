/** Values of one identifier of a person. Lists beyond it are no lists of one person's, and reading a phone is slow. */
export const mostValues = 100;

/** Characters of one value of an identifier: no name, id or user agent is longer. */
export const longestValue = 4096;
