import type { IconName } from '../parts/icons.tsx';
import type { Audience } from './api-types.ts';

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

type Placed = Pick<Audience, 'destination' | 'id' | 'name'>;

/** One that is looked for at Meta has no id yet. */
function audienceKey({ id, name = '' }: Placed): string {
  return id === '' ? name : id;
}

export function audiencePath(audience: Placed): string {
  return `/audiences/${encodeURIComponent(audience.destination)}/${encodeURIComponent(audienceKey(audience))}`;
}

/** The one that the parts of a path name; the first where they name none. */
export function chosenAudience<A extends Placed>(
  audiences: readonly A[],
  [destination, key]: readonly (string | undefined)[],
): A | undefined {
  if (destination === undefined) return audiences[0];
  return audiences.find((each) => each.destination === destination && audienceKey(each) === key);
}

export function deadLetterPath(id: string): string {
  return `/dead-letters/${encodeURIComponent(id)}`;
}
