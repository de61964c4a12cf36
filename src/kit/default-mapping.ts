import type { ActionDefinition } from '../core/action.ts';
import type { JsonObject } from '../core/json.ts';

/** What an action maps where a subscription maps nothing: field → literal or directive, as mapping JSON. */
export function defaultMapping(definition: Pick<ActionDefinition, 'fields'>): JsonObject {
  const mapping: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(definition.fields)) {
    if (field.default !== undefined) mapping[key] = field.default;
  }
  return mapping;
}
