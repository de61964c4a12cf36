import type { ActionContext, ActionResult } from '../core/action.ts';
import type { FieldDefinitions } from '../core/field.ts';
import type { FieldsOf } from './field-types.ts';

/** An action whose `toPayload` knows the type of its fields. Assignable to `ActionDefinition`. */
export interface TypedAction<F extends FieldDefinitions> {
  readonly title: string;
  readonly description: string;
  /** It changes audiences. */
  readonly audience?: true;
  /** Absent: a subscription must give its own. */
  readonly defaultTrigger?: string;
  readonly fields: F;
  /** Pure: no I/O and no clock but `context.now`. `fields` has passed the definitions. */
  readonly toPayload: (fields: FieldsOf<F>, context: ActionContext) => ActionResult;
}

/**
 * Defines an action: data and one pure function. The type of `toPayload`'s fields is inferred from `fields`, with
 * choices as unions of literals and required fields as required members.
 */
export function defineAction<const F extends FieldDefinitions>(definition: TypedAction<F>): TypedAction<F> {
  return definition;
}
