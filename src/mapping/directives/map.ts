import { isObject, own } from '../../core/json.ts';
import { readMembers, typeName } from '../values/argument.ts';
import { type Compiled, derived, nothing } from '../values/compiled.ts';
import { anyMapping, type Directive, type Place } from '../values/directive.ts';

export const mapDirective: Directive = {
  name: '@map',
  description:
    'Looks a value up in a table: cases holds a result for each value (text, numbers and booleans by their text), default the result for all others.',
  argument: {
    type: 'object',
    properties: {
      value: anyMapping,
      cases: { type: 'object', propertyNames: { not: { pattern: '^@' } }, additionalProperties: anyMapping },
      default: anyMapping,
    },
    required: ['value', 'cases'],
    additionalProperties: false,
  },
  compile(argument, place) {
    const members = readMembers(argument, place, { required: ['value', 'cases'], optional: ['default'] });
    if (members === undefined) return nothing;
    const value = place.compile(own(members, 'value'), 'value');
    const cases = compileCases(own(members, 'cases'), place.at('cases'));
    const fallback = place.compile(own(members, 'default'), 'default');
    return derived([value, fallback, ...cases.values()], (frame) => {
      const found = value.resolve(frame);
      const chosen = isLabel(found) ? cases.get(String(found)) : undefined;
      return (chosen ?? fallback).resolve(frame);
    });
  },
};

function isLabel(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function compileCases(cases: unknown, place: Place): ReadonlyMap<string, Compiled> {
  if (cases === undefined) return new Map();
  if (!isObject(cases)) {
    place.error('WRONG_ARGUMENT', `"cases" must be an object from values to results; found ${typeName(cases)}`);
    return new Map();
  }
  const directive = Object.keys(cases).find((key) => key.startsWith('@'));
  if (directive !== undefined) {
    const message = `"cases" must be a table that stands in the mapping; it can't be computed with ${directive}`;
    place.error('WRONG_ARGUMENT', message, { keys: [directive], atKey: true });
    return new Map();
  }
  return new Map(Object.entries(cases).map(([key, result]) => [key, place.compile(result, key)]));
}
