import { boundedJson, countedFrom } from '../../core/bounded-json.ts';
import { own } from '../../core/json.ts';
import { readChoice, readMembers, refuseEmpty } from '../values/argument.ts';
import { derived, nothing } from '../values/compiled.ts';
import { anyMapping, type Directive } from '../values/directive.ts';

export const jsonDirective: Directive = {
  name: '@json',
  description:
    'With mode encode: the value as JSON text. With mode decode: the value that JSON text stands for; text that is no JSON, and anything else, as it is.',
  argument: {
    type: 'object',
    properties: { mode: { enum: ['encode', 'decode'] }, value: anyMapping },
    required: ['mode', 'value'],
    additionalProperties: false,
  },
  compile(argument, place) {
    const members = readMembers(argument, place, { required: ['mode', 'value'], optional: [] });
    if (members === undefined) return nothing;
    const mode = readChoice(members, 'mode', place, ['encode', 'decode']);
    refuseEmpty(members, 'value', place);
    const value = place.compile(own(members, 'value'), 'value');
    return derived([value], (frame) =>
      mode === 'decode' ? decoded(value.resolve(frame)) : encoded(value.resolve(frame)),
    );
  },
};

function decoded(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return value.length < countedFrom ? JSON.parse(value) : parsedLong(value);
  } catch {
    return value;
  }
}

/** As a record is read: what would keep the process busy stays text. */
function parsedLong(text: string): unknown {
  const bounded = boundedJson(Buffer.from(text));
  return bounded.kind === 'bounded' ? JSON.parse(bounded.bytes.toString()) : text;
}

/** Nothing for a value that is nested too deep for JSON.stringify. */
function encoded(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
