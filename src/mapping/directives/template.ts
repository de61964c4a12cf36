import { requireTextOrDirective, typeName } from '../values/argument.ts';
import { type Compiled, constant, constantValue, type Frame, nothing, type Resolver } from '../values/compiled.ts';
import { type Directive, type Place, textOrDirective } from '../values/directive.ts';
import { compilePath, readPath } from '../values/event-path.ts';
import { maxTemplateLength } from '../values/limits.ts';
import { joiner, parseTemplate } from '../values/template.ts';

export const templateDirective: Directive = {
  name: '@template',
  description:
    'Text in which {{path}} or {{{path}}} is replaced by the value at that path (written without $.), or by nothing when it is missing. Inserted text is never expanded again.',
  argument: textOrDirective,
  compile(argument, place) {
    if (typeof argument === 'string') return staticTemplate(argument, place);
    if (!requireTextOrDirective(argument, place)) return nothing;
    return computedTemplate(place.compile(argument), place);
  },
};

function staticTemplate(template: string, place: Place): Compiled {
  const parts = parseTemplate(template).map((piece) =>
    'text' in piece ? piece.text : placeholder(piece.placeholder, place),
  );
  const resolve = joiner(parts);
  return parts.some((part) => typeof part !== 'string') ? { resolve, constant: false } : constant(resolve([]));
}

/** In a placeholder `$` is a name like any other, as in Segment's templates, so that `$.` finds nothing. */
function placeholder(path: string, place: Place): Resolver {
  if (!path.startsWith('$.')) return compilePath(path, place).resolve;
  place.warn('ODD_PATH', `{{${path}}} is always empty: a path in a template has no $. in front`, {
    fix: `{{${path.slice(2)}}}`,
  });
  return () => undefined;
}

function computedTemplate(text: Compiled, place: Place): Compiled {
  if (!text.constant) return { resolve: (frame) => renderComputed(frame, text.resolve(frame)), constant: false };
  const template = constantValue(text);
  if (typeof template === 'string') return staticTemplate(template, place);
  place.error('WRONG_ARGUMENT', `expected a directive that gives text; this one gives ${typeName(template)}`);
  return nothing;
}

/** A template out of an event is short, because each of its placeholders could bring in the whole event. */
function renderComputed(frame: Frame, template: unknown): unknown {
  if (typeof template !== 'string' || template.length > maxTemplateLength) return undefined;
  const parts = parseTemplate(template).map((piece): string | Resolver => {
    if ('text' in piece) return piece.text;
    return () => (piece.placeholder.startsWith('$.') ? undefined : readPath(frame[0], piece.placeholder));
  });
  return joiner(parts)(frame);
}
