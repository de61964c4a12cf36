import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../core/diagnostic.ts';
import { own } from '../core/json.ts';
import { type Relation, relate } from '../trigger/relation.ts';
import type { Problem } from './document.ts';
import type { ValidSubscription } from './subscription.ts';
import { areApart } from './subscription-topics.ts';

/** A subscription that is on, and where it sends to. */
export interface Route extends ValidSubscription {
  readonly destination: string;
  readonly pixelId: string | undefined;
  /** Puts a diagnostic at the subscription. */
  locate(diagnostic: Diagnostic): Problem;
}

/** Warnings about pairs of routes of which the second is in `routes` and the first before it or in `before`. */
export function collisionsOf(routes: readonly Route[], before: readonly Route[] = []): readonly Problem[] {
  return routes.flatMap((second, index) =>
    [...before, ...routes.slice(0, index)].flatMap((first) => {
      const collision = collisionOf(first, second);
      return collision === undefined ? [] : [second.locate(collision)];
    }),
  );
}

/**
 * What is wrong with having both, as far as it is certain: they send the same action for the same events, or they can
 * send the same event_name and event_id for one event, of which Meta keeps one and the pipeline refuses the second.
 */
function collisionOf(first: Route, second: Route): Diagnostic | undefined {
  if (first.pixelId !== second.pixelId || !isSameEvent(first, second)) return undefined;
  const sameAction = first.subscription.action.key === second.subscription.action.key;
  const sameId = hasSame('event_id', first, second);
  if ((!sameAction && !sameId) || neverMeet(first, second)) return undefined;
  const relation = relate(first.condition, second.condition);
  if (relation === 'unknown' || (relation === 'overlap' && !sameId)) return undefined;
  const certain = relation !== 'overlap';
  return {
    severity: 'warning',
    code: certain && sameAction ? 'SAME_EVENTS' : 'EVENT_ID_COLLISION',
    path: ['name'],
    message: `${sentence(relation, first, second, sameAction)}${consequence(first, sameId, certain)}`,
    fix: hasName(first)
      ? 'remove one of them, narrow a trigger, or map another event_name or event_id'
      : 'remove one of them, or narrow a trigger',
  };
}

/** True for most pairs, at little cost: they are for other topics, or their triggers name different types or events. */
function neverMeet(first: Route, second: Route): boolean {
  const { types, events } = first.subscription.candidates;
  const others = second.subscription.candidates;
  if (areApart(first.topics, second.topics)) return true;
  return areDisjoint(types, others.types) || areDisjoint(events, others.events);
}

function areDisjoint(first: readonly string[] | undefined, second: readonly string[] | undefined): boolean {
  return first !== undefined && second !== undefined && !first.some((text) => second.includes(text));
}

/** By its name; what has no name (a change of an audience) by all that is mapped, in one destination. */
function isSameEvent(first: Route, second: Route): boolean {
  if (hasName(first)) return hasSame('event_name', first, second);
  return first.destination === second.destination && isDeepStrictEqual(first.merged, second.merged);
}

function hasName({ merged }: Route): boolean {
  return own(merged, 'event_name') !== undefined;
}

function hasSame(field: string, first: Route, second: Route): boolean {
  return isDeepStrictEqual(own(first.merged, field), own(second.merged, field));
}

function sentence(relation: Relation, first: Route, second: Route, sameAction: boolean): string {
  const [firstName, secondName] = [nameOf(first, second), nameOf(second, first)];
  const what = sameAction ? `the same action (${second.subscription.action.key})` : 'an event of the same name';
  switch (relation) {
    case 'within':
      return `${secondName} sends ${what} for every event of ${firstName}`;
    case 'around':
      return `${firstName} sends ${what} for every event of ${secondName}`;
    case 'overlap':
      return `${firstName} and ${secondName} can match the same event`;
    default:
      return `${firstName} and ${secondName} send ${what} for the same events`;
  }
}

function consequence(route: Route, sameId: boolean, certain: boolean): string {
  if (!hasName(route)) return ', with the same mapping: one is enough';
  if (!sameId) return ': Meta counts it twice';
  const when = certain ? '' : ', and then send the same event_name and event_id';
  return `${when}: Meta keeps one of the two, so the second becomes a dead letter (DUPLICATE_EVENT_ID)`;
}

function nameOf(route: Route, other: Route): string {
  const name = `"${route.subscription.name}"`;
  return route.destination === other.destination ? name : `${name} of ${route.destination}`;
}
