import { isObject } from '../core/json.ts';
import { isDirective } from '../mapping/values/directive.ts';
import { reasons, type Reason } from './reasons.ts';

/** Where directives of Segment's mapping kit do something else here; each reason once. */
export function directiveDifferences(value: unknown): readonly Reason[] {
  return [...new Set(differencesIn(value))];
}

function* differencesIn(value: unknown): Generator<Reason> {
  if (Array.isArray(value)) for (const item of value) yield* differencesIn(item);
  if (!isObject(value)) return;
  for (const [key, argument] of Object.entries(value)) {
    if (key === '@literal') {
      if (holdsDirective(argument)) yield reasons.literalDirective;
      continue;
    }
    if (key === '@if' && isObject(argument)) {
      if (Object.hasOwn(argument, 'blank')) yield reasons.blank;
      const { else: otherwise } = argument;
      if (otherwise === 0 || otherwise === false || otherwise === '') yield reasons.falsyElse;
    }
    if (key === '@replace') yield reasons.replaceNothing;
    if (key === '@template') yield reasons.template;
    yield* differencesIn(argument);
  }
}

function holdsDirective(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsDirective);
  return isObject(value) && (isDirective(value) || Object.values(value).some(holdsDirective));
}
