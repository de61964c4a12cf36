import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../core/diagnostic.ts';
import { own } from '../core/json.ts';
import { type Relation, relate } from '../trigger/relation.ts';
import type { Problem } from './document.ts';
import type { Sound } from './subscription.ts';

/** A subscription that is on, and where it sends to. */
export interface Route extends Sound {
  readonly destination: string;
  readonly pixelId: string | undefined;
  /** Puts a diagnostic at the subscription. */
  locate(diagnostic: Diagnostic): Problem;
}

/** Warnings about pairs of routes of which the second is in `routes` and the first before it or in `before`. */
export function clashesOf(routes: readonly Route[], before: readonly Route[] = []): readonly Problem[] {
  return routes.flatMap((second, index) =>
    [...before, ...routes.slice(0, index)].flatMap((first) => {
      const clash = clashOf(first, second);
      return clash === undefined ? [] : [second.locate(clash)];
    }),
  );
}

/**
 * What is wrong with having both, as far as it is certain: they send the same action for the same events, or they can
 * send the same event_name and event_id for one event, of which Meta keeps one and the pipeline refuses the second.
 */
function clashOf(first: Route, second: Route): Diagnostic | undefined {
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

/** True for most pairs, at little cost: their triggers name different types or events. */
function neverMeet(first: Route, second: Route): boolean {
  const [one, other] = [first.subscription.candidates, second.subscription.candidates];
  return areDisjoint(one.types, other.types) || areDisjoint(one.events, other.events);
}

function areDisjoint(one: readonly string[] | undefined, other: readonly string[] | undefined): boolean {
  return one !== undefined && other !== undefined && !one.some((text) => other.includes(text));
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
  const [one, other] = [nameOf(first, second), nameOf(second, first)];
  const what = sameAction ? `the same action (${second.subscription.action.key})` : 'an event of the same name';
  switch (relation) {
    case 'within':
      return `${other} sends ${what} for every event of ${one}`;
    case 'around':
      return `${one} sends ${what} for every event of ${other}`;
    case 'overlap':
      return `${one} and ${other} can match the same event`;
    default:
      return `${one} and ${other} send ${what} for the same events`;
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
