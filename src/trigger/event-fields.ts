import type { EventType } from '../core/event.ts';

/** Top-level members that only some calls have. Sources for mobile apps repeat the name of a screen call in `event`. */
export const fieldOwners: Readonly<Record<string, readonly EventType[]>> = {
  event: ['track', 'screen'],
  properties: ['track', 'page', 'screen'],
  previousId: ['alias'],
};
