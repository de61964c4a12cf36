import type { ActionDefinition } from '../core/action.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';

/**
 * The mapping that a subscription ends up with: the defaults of its action, overridden field by field. A field of type
 * object is overridden member by member when both sides are plain objects.
 */
export function mergedMapping(definition: ActionDefinition, mapping: JsonObject): JsonObject {
  const merged: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(definition.fields)) {
    const given = own(mapping, name);
    if (given === undefined) {
      const yields = field.defaultUnless !== undefined && own(mapping, field.defaultUnless) !== undefined;
      if (field.default !== undefined && !yields) merged[name] = field.default;
    } else if (field.type === 'object' && isPlain(given) && isPlain(field.default)) {
      merged[name] = { ...field.default, ...given };
    } else {
      merged[name] = given;
    }
  }
  return merged;
}

function isPlain(value: unknown): value is JsonObject {
  return isObject(value) && !Object.keys(value).some((key) => key.startsWith('@'));
}
