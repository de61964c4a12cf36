const address =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)+$/;
/** RFC 5321, section 4.5.3.1.3. */
const longest = 254;

/**
 * Email. Meta, customer information parameters: trim, lower case. What an address looks like is told by Meta's
 * parameter builder alone: ASCII, one @, a domain of two labels or more.
 */
export function normalizeEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase();
  return email.length <= longest && address.test(email) ? email : undefined;
}
