const marks = /\p{M}+/gu;
const foreign = /[^\P{L}a-z]|\p{N}/u;
const saint = /(^|[^a-z])st(?![a-z])/g;
const others = /[^a-z]+/g;

/**
 * The letters a to z of a place's name, for looking it up: `Côte d’Ivoire` → `cotedivoire`, `St. Lucia` →
 * `saintlucia`, `Trinidad & Tobago` → `trinidadandtobago`. Undefined for a text with other letters or with digits.
 */
export function latinKey(text: string): string | undefined {
  const folded = text.toLowerCase().normalize('NFD').replace(marks, '');
  if (foreign.test(folded)) return undefined;
  return folded.replaceAll('&', ' and ').replace(saint, '$1saint').replace(others, '');
}
