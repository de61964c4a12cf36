import { createRequire } from 'node:module';
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import type { JsonObject } from '../core/json.ts';

/** Undefined: the value is as its schema says; else the first thing that is wrong with it. */
export type Validate = (value: unknown) => ErrorObject | undefined;

const validators = new Map<string, Validate>();
let ajv: Ajv | undefined;

/**
 * Checks values by a schema of ours. It is compiled for the first value: of the fields of all actions, most get none, and
 * ajv took a tenth of a second of each start. Equal schemas (most fields are plain text) are compiled once in a process.
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
    validate ??= loaded().compile(schema);
    return validate(value) ? undefined : validate.errors?.[0];
  };
}

/** The schema of schemas isn't compiled to check ours: `checkDefinition` has looked at what they are made of. */
function loaded(): Ajv {
  if (ajv === undefined) {
    const library = createRequire(import.meta.url)('ajv') as typeof import('ajv');
    const ours = { strict: true, allowUnionTypes: true, strictRequired: false, meta: false, validateSchema: false };
    ajv = new library.Ajv(ours);
  }
  return ajv;
}
