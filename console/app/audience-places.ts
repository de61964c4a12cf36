import type { Audience } from './api-types.ts';

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
