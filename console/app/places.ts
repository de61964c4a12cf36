import type { IconName } from '../parts/icons.tsx';

/** The pages, in the order of the rail, with the letter that follows `g`. */
export const places: readonly {
  readonly path: string;
  readonly name: string;
  readonly icon: IconName;
  readonly key: string;
}[] = [
  { path: '/', name: 'Overview', icon: 'overview', key: 'o' },
  { path: '/audiences', name: 'Audiences', icon: 'audiences', key: 'a' },
  { path: '/dead-letters', name: 'Dead letters', icon: 'deadLetters', key: 'd' },
  { path: '/workbench', name: 'Workbench', icon: 'workbench', key: 'w' },
  { path: '/live', name: 'Live', icon: 'live', key: 'l' },
];

export const pathByKey: Readonly<Record<string, string>> = Object.fromEntries(
  places.map(({ key, path }) => [key, path]),
);

export function destinationPath(name: string): string {
  return `/destinations/${encodeURIComponent(name)}`;
}

export function deadLetterPath(id: string): string {
  return `/dead-letters/${encodeURIComponent(id)}`;
}
