const male = `
  m male man boy lad guy fellow chap bloke dude gentleman
  mr mister sir lord king prince duke count emperor god
  he him his himself
  father dad daddy papa son brother uncle nephew husband boyfriend groom widower`;

const female = `
  f female woman girl lass maiden gal chick belle
  ms mrs miss madam ma'am lady dame queen princess duchess countess empress goddess
  she her hers herself
  mother mom mommy mama daughter sister aunt niece wife girlfriend bride widow`;

const letters: ReadonlyMap<string, string> = new Map([...entries(male, 'm'), ...entries(female, 'f')]);

function entries(words: string, letter: string): [string, string][] {
  return words
    .trim()
    .split(/\s+/)
    .map((word) => [word, letter]);
}

/**
 * Gender. Meta, customer information parameters: `f` or `m`. Which words mean them is told by Meta's parameter builder
 * alone, so these are the words that it knows; every other word is omitted, never guessed.
 */
export function normalizeGender(text: string): string | undefined {
  const word = text.trim().toLowerCase();
  return letters.get(word.endsWith('.') ? word.slice(0, -1) : word);
}
