/** A sentence in pieces; `isName`: it stood between backticks, as settings and commands do. */
export interface TextPiece {
  readonly text: string;
  readonly isName: boolean;
}

/** A backtick without another after it in the same line is a character as any other. */
const name = /`([^`\n]+)`/g;

export function namesIn(text: string): readonly TextPiece[] {
  return text
    .split(name)
    .map((piece, place) => ({ text: piece, isName: place % 2 === 1 }))
    .filter(({ text }) => text !== '');
}
