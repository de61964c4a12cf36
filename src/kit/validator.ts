import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { JsonObject } from '../core/json.ts';

/** Undefined: the value is as its schema says; else the first thing that is wrong with it. */
export type Validate = (value: unknown) => ErrorObject | undefined;

/** The schema of schemas isn't compiled to check ours: `checkDefinition` has looked at what they are made of. */
const ours = { meta: false, validateSchema: false };
const ajv = new Ajv({ ...ours, strict: true, allowUnionTypes: true, strictRequired: false });
const validators = new Map<string, Validate>();

/**
 * Checks values by a schema of ours. It is compiled for the first value: of the fields of all actions, most get none, and
 * to compile them took a tenth of a second of each start. Equal schemas (most fields are plain text) are compiled once in a process.
 */
export function validatorOf(schema: JsonObject): Validate {
  const text = JSON.stringify(schema);
  let validator = validators.get(text);
  if (validator === undefined) {
    validator = compiledLater(schema);
    validators.set(text, validator);
  }
  return validator;
}

function compiledLater(schema: JsonObject): Validate {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= ajv.compile(schema);
    return validate(value) ? undefined : validate.errors?.[0];
  };
}
