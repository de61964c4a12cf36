import { own } from '../../core/json.ts';
import { readFlag, readMembers, readText, requireTextOrDirective } from '../values/argument.ts';
import { derived, nothing } from '../values/compiled.ts';
import { type Directive, textOrDirective } from '../values/directive.ts';

/** Segment's limit, so that a mapping that is valid here is valid there. */
const maxPattern = 10;

const pattern = { type: 'string', minLength: 1, maxLength: maxPattern };
const replacement = { type: 'string', maxLength: maxPattern };

export const replaceDirective: Directive = {
  name: '@replace',
  description:
    'Text with one piece of text replaced by another (nothing unless given): everywhere, unless global is false; in any case, if ignorecase is true. pattern2 and replacement2 do the same to the result. Numbers and booleans count as their text.',
  argument: {
    type: 'object',
    properties: {
      value: textOrDirective,
      pattern,
      replacement,
      pattern2: { type: 'string', maxLength: maxPattern },
      replacement2: replacement,
      ignorecase: { type: 'boolean' },
      global: { type: 'boolean' },
    },
    required: ['value', 'pattern'],
    additionalProperties: false,
  },
  compile(argument, place) {
    const members = readMembers(argument, place, {
      required: ['value', 'pattern'],
      optional: ['replacement', 'pattern2', 'replacement2', 'ignorecase', 'global'],
    });
    if (members === undefined) return nothing;
    const flags = `${readFlag(members, 'global', place) === false ? '' : 'g'}${readFlag(members, 'ignorecase', place) === true ? 'i' : ''}`;
    const first = replacer(
      readText(members, 'pattern', place, 1, maxPattern),
      readText(members, 'replacement', place, 0, maxPattern),
      flags,
    );
    const second = replacer(
      readText(members, 'pattern2', place, 0, maxPattern),
      readText(members, 'replacement2', place, 0, maxPattern),
      flags,
    );
    const value = own(members, 'value');
    if (value === undefined || !requireTextOrDirective(value, place, 'value')) return nothing;
    if (value === '') return nothing;
    const text = place.compile(value, 'value');
    return derived([text], (frame) => replaced(text.resolve(frame), (found) => second(first(found))));
  },
};

/** Nothing stays nothing; an object or array has no text, and gives an empty one as in Segment. */
function replaced(value: unknown, replace: (text: string) => string): unknown {
  if (value === undefined || value === null) return value;
  return typeof value === 'object' ? '' : replace(String(value));
}

/** The pattern is plain text, and so is the replacement: `$1` stands for itself. */
function replacer(text: string | undefined, replacement = '', flags = ''): (value: string) => string {
  if (text === undefined || text === '') return (value) => value;
  const expression = new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), flags);
  return (value) => value.replace(expression, () => replacement);
}
