const whiteSpace = /\s/;

/** Mobile advertising id. Meta, custom audiences: lower case, hyphens kept, never hashed. */
export function normalizeAdvertisingId(text: string): string | undefined {
  const id = text.trim().toLowerCase();
  return id === '' || whiteSpace.test(id) ? undefined : id;
}
