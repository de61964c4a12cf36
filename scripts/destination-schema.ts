import { type ActionSchema, editorSchema } from '../src/config/editor-schema.ts';
import { loadBuiltInActions } from '../src/connector/available-actions.ts';
import type { Action } from '../src/core/action.ts';
import type { JsonObject } from '../src/core/json.ts';
import { fieldSchema } from '../src/kit/field-schema.ts';

/** The schema of destination files with the actions that come with the product. */
export async function shippedEditorSchema(): Promise<JsonObject> {
  const actions = await loadBuiltInActions();
  return editorSchema([...actions.values()].map(schemaOf));
}

function schemaOf({ key, definition }: Action): ActionSchema {
  return {
    key,
    description: definition.description,
    needsTrigger: definition.defaultTrigger === undefined,
    fields: fieldSchema(definition.fields),
  };
}
