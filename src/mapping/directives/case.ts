import { ConnectorError } from '../../core/errors.ts';
import { own } from '../../core/json.ts';
import { readMembers, readText, requireTextOrDirective } from '../values/argument.ts';
import { constantValue, derived, nothing } from '../values/compiled.ts';
import { type Directive, type Place, textOrDirective } from '../values/directive.ts';

export const caseDirective: Directive = {
  name: '@case',
  description: 'Text in lower or upper case; any other value as it is.',
  argument: {
    type: 'object',
    properties: { operator: { enum: ['lower', 'upper'] }, value: textOrDirective },
    required: ['operator'],
    additionalProperties: false,
  },
  compile(argument, place) {
    const members = readMembers(argument, place, { required: ['operator'], optional: ['value'] });
    if (members === undefined) return nothing;
    const operator = readText(members, 'operator', place, 1);
    const value = own(members, 'value');
    const usable = value !== undefined && value !== '' && requireTextOrDirective(value, place, 'value');
    const text = usable ? place.compile(value, 'value') : nothing;
    const meetsText = text.constant && typeof constantValue(text) === 'string';
    const change = operator === undefined ? unchanged : (changes.get(operator) ?? refusing(operator, meetsText, place));
    return derived([text], (frame) => {
      const found = text.resolve(frame);
      return typeof found === 'string' ? change(found) : found;
    });
  },
};

const unchanged = (text: string): string => text;

const changes: ReadonlyMap<string, (text: string) => string> = new Map([
  ['lower', (text: string) => text.toLowerCase()],
  ['upper', (text: string) => text.toUpperCase()],
]);

/**
 * Segment accepts any operator as long as it never meets text, so that is a warning here; when text does come, the
 * event is refused rather than sent with the wrong value.
 */
function refusing(operator: string, meetsText: boolean, place: Place): (text: string) => string {
  const message = `"operator" must be "lower" or "upper"; found "${operator.slice(0, 40)}"`;
  if (meetsText) {
    place.error('WRONG_ARGUMENT', message, { keys: ['operator'] });
    return unchanged;
  }
  place.warn('UNKNOWN_OPERATOR', `${message}: an event with text here will be refused`, { keys: ['operator'] });
  return () => {
    throw new ConnectorError('MAPPING_CASE_OPERATOR', `@case: ${message}`);
  };
}
