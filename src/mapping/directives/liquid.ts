import { messageOf } from '../../core/errors.ts';
import { typeName } from '../values/argument.ts';
import { constant, nothing } from '../values/compiled.ts';
import type { Directive, Place } from '../values/directive.ts';
import { maxTemplateLength } from '../values/limits.ts';
import { type LiquidTemplate, parseLiquid, renderLiquid } from '../values/liquid.ts';

export const liquidDirective: Directive = {
  name: '@liquid',
  description: `Text made by a Liquid template of at most ${maxTemplateLength} characters, with the event's members as variables. Loops and includes are off.`,
  argument: { type: 'string', maxLength: maxTemplateLength },
  compile(argument, place) {
    if (typeof argument !== 'string') {
      place.error('WRONG_ARGUMENT', `expected the text of a template; found ${typeName(argument)}`);
      return nothing;
    }
    if (argument.length > maxTemplateLength) {
      const message = `a template may have ${maxTemplateLength} characters; this one has ${argument.length}`;
      place.error('LIQUID_TOO_LONG', message);
      return nothing;
    }
    if (!argument.includes('{{') && !argument.includes('{%')) return constant(argument);
    const template = parsed(argument, place);
    if (template === undefined) return nothing;
    for (const path of template.paths) place.mentions(path);
    return { resolve: (frame) => renderLiquid(template, frame[0]), constant: false };
  },
};

function parsed(text: string, place: Place): LiquidTemplate | undefined {
  try {
    return parseLiquid(text);
  } catch (error) {
    place.error('BAD_LIQUID', `bad template: ${messageOf(error)}`);
    return undefined;
  }
}
