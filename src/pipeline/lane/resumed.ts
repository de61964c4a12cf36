/** What goes on: all of a destination, or a lane, or a subscription by its key. */
export type Resumed = { readonly destination: string } | { readonly lane: string };

export function concerns(
  what: Resumed,
  lane: { readonly name: string; readonly destination: () => { readonly name: string } },
): boolean {
  return 'lane' in what ? lane.name === what.lane : lane.destination().name === what.destination;
}
