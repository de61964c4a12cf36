import type { ActionDefinition } from '../core/action.ts';
import { ConnectorError } from '../core/errors.ts';
import type { FieldType } from '../core/field.ts';
import { isObject, type JsonObject } from '../core/json.ts';

/** The definition, or a `ConnectorError` that names the place (a file) when a module exports something else. */
export function checkDefinition(place: string, value: unknown): ActionDefinition {
  const problem = definitionProblem(value);
  if (problem === undefined) return value as ActionDefinition;
  throw new ConnectorError('ACTION_INVALID', `${place}: ${problem}. Export defineAction({…}) as the default export.`);
}

function definitionProblem(value: unknown): string | undefined {
  if (!isObject(value)) return 'has no default export that is an action definition';
  if (typeof value['title'] !== 'string') return 'the definition has no title';
  if (typeof value['description'] !== 'string') return 'the definition has no description';
  if (typeof value['toPayload'] !== 'function') return 'the definition has no toPayload';
  const fields = value['fields'];
  if (!isObject(fields)) return 'the definition has no fields';
  return fieldsProblem(fields);
}

/** The first problem of fields, or of members of an object; `prefix` is what leads to them. */
function fieldsProblem(fields: JsonObject, prefix = ''): string | undefined {
  for (const [key, field] of Object.entries(fields)) {
    const problem = fieldProblem(prefix + key, field);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const fieldTypes: ReadonlySet<unknown> = new Set<FieldType>([
  'string',
  'number',
  'integer',
  'boolean',
  'object',
  'datetime',
]);

function fieldProblem(name: string, field: unknown): string | undefined {
  if (!isObject(field) || typeof field['type'] !== 'string') return `field ${name} has no type`;
  const { type, choices, properties } = field;
  if (!fieldTypes.has(type))
    return `field ${name} has the type ${type}, which is none of ${[...fieldTypes].join(', ')}`;
  if (choices !== undefined && !(Array.isArray(choices) && choices.length > 0))
    return `the choices of field ${name} are no list with something in it`;
  const bound = ['minimum', 'maximum'].find((each) => field[each] !== undefined && typeof field[each] !== 'number');
  if (bound !== undefined) return `the ${bound} of field ${name} is no number`;
  if (properties === undefined) return undefined;
  return isObject(properties) ? fieldsProblem(properties, `${name}.`) : `the properties of field ${name} are no object`;
}
