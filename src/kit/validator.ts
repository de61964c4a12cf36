import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { JsonObject } from '../core/json.ts';

const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false });
const compiled = new Map<string, ValidateFunction>();

/** The compiled schema; equal schemas (most fields are plain text) are compiled once in a process. */
export function validatorOf(schema: JsonObject): ValidateFunction {
  const text = JSON.stringify(schema);
  let validate = compiled.get(text);
  if (validate === undefined) {
    validate = ajv.compile(schema);
    compiled.set(text, validate);
  }
  return validate;
}

/** The first error of the run that has just failed. */
export function firstError(validate: ValidateFunction): ErrorObject | undefined {
  return validate.errors?.[0];
}
