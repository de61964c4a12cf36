import { requireTextOrDirective, typeName } from '../values/argument.ts';
import { type Compiled, constantValue, nothing } from '../values/compiled.ts';
import { type Directive, type Place, textOrDirective } from '../values/directive.ts';
import { compilePath, readPath } from '../values/event-path.ts';

export const pathDirective: Directive = {
  name: '@path',
  description:
    "The value at a path of the event, such as $.properties.total, $.properties.products[0].sku or $.traits['a.b']. Nothing when it is missing.",
  argument: textOrDirective,
  compile(argument, place) {
    if (typeof argument === 'string') return compilePath(argument, place);
    if (!requireTextOrDirective(argument, place)) return nothing;
    return computedPath(place.compile(argument), place);
  },
};

function computedPath(text: Compiled, place: Place): Compiled {
  if (!text.constant) return { resolve: (frame) => readPath(frame[0], text.resolve(frame)), constant: false };
  const path = constantValue(text);
  if (typeof path === 'string') return compilePath(path, place);
  place.error('WRONG_ARGUMENT', `expected a directive that gives text; this one gives ${typeName(path)}`);
  return nothing;
}
