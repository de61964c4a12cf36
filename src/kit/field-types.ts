import type { FieldDefinition, FieldDefinitions } from '../core/field.ts';
import type { JsonObject } from '../core/json.ts';

/**
 * The TypeScript type of an action's checked fields, read off its definitions: nothing is generated and nothing is
 * written twice. `defineAction` infers it; test/kit/define-action.test.ts holds the type tests.
 */
export type FieldsOf<D extends FieldDefinitions> = Flat<
  { readonly [K in RequiredKeys<D>]: ValueOf<D[K]> } & {
    readonly [K in Exclude<keyof D, RequiredKeys<D>>]?: ValueOf<D[K]>;
  }
>;

type RequiredKeys<D extends FieldDefinitions> = {
  [K in keyof D]: D[K] extends { readonly required: true } ? K : never;
}[keyof D];

type ValueOf<F extends FieldDefinition> = F extends { readonly raw: true }
  ? unknown
  : F extends { readonly multiple: true }
    ? readonly ItemOf<F>[]
    : ItemOf<F>;

type ItemOf<F extends FieldDefinition> = F extends { readonly type: 'object' }
  ? ObjectOf<F>
  : F extends { readonly type: 'boolean' }
    ? boolean | ChoiceOf<F>
    : [ChoiceOf<F>] extends [never]
      ? ScalarOf<F>
      : ChoiceOf<F>;

type ChoiceOf<F extends FieldDefinition> = F extends { readonly choices: readonly (infer C)[] } ? C : never;

/** A `datetime` has been read: Unix milliseconds. One that identifies a person (a birthday) stays as it was given. */
type ScalarOf<F extends FieldDefinition> = F extends { readonly type: 'number' | 'integer' }
  ? number
  : F extends { readonly type: 'datetime' }
    ? F extends { readonly identifier: true }
      ? string | JsonObject
      : number
    : string;

type ObjectOf<F extends FieldDefinition> = F extends { readonly properties: infer P extends FieldDefinitions }
  ? F extends { readonly additionalProperties: true }
    ? FieldsOf<P> & JsonObject
    : FieldsOf<P>
  : JsonObject;

type Flat<T> = { [K in keyof T]: T[K] };
