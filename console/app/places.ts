import type { IconName } from '../parts/icons.tsx';

/** The pages, in the order of the rail, with the letter that follows `g`. */
export const places: readonly {
  readonly path: string;
  readonly name: string;
  readonly icon: IconName;
  readonly letter: string;
}[] = [
  { path: '/', name: 'Overview', icon: 'overview', letter: 'o' },
  { path: '/audiences', name: 'Audiences', icon: 'audiences', letter: 'a' },
  { path: '/dead-letters', name: 'Dead letters', icon: 'letters', letter: 'd' },
  { path: '/workbench', name: 'Workbench', icon: 'workbench', letter: 'w' },
  { path: '/live', name: 'Live', icon: 'live', letter: 'l' },
];

export const pathByLetter: Readonly<Record<string, string>> = Object.fromEntries(
  places.map(({ letter, path }) => [letter, path]),
);

export function destinationPath(name: string): string {
  return `/destinations/${encodeURIComponent(name)}`;
}

export function letterPath(id: string): string {
  return `/dead-letters/${encodeURIComponent(id)}`;
}
