import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Diagnostic } from '../core/diagnostic.ts';
import { isObject } from '../core/json.ts';
import { suggest } from '../core/suggest.ts';
import { destinationSchema } from './destination-schema.ts';

/** Whether the JSON of a destination file has the right shape; all that is wrong, not only the first. */
export const checkStructure = structureCheck(destinationSchema);

/** The same for files of any schema of ours. */
export function structureCheck(schema: object): (value: unknown) => readonly Diagnostic[] {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= compiled(schema);
    if (validate(value)) return [];
    const errors = validate.errors ?? [];
    const secrets = errors.filter(isAboutSecret).map((error) => error.instancePath);
    return errors
      .filter(
        (error) => !secrets.some((path) => error.instancePath.startsWith(path) && !isFirstAbout(errors, error, path)),
      )
      .map(diagnosticOf);
  };
}

/**
 * When the first file comes, which of most kinds none does. The schema of schemas isn't compiled to check ours: that took
 * 25 ms of each start, and a test does it.
 */
function compiled(schema: object): ValidateFunction {
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    verbose: true,
    allowUnionTypes: true,
    validateSchema: false,
    meta: false,
  });
  return ajv.compile(schema);
}

/** A secret has several alternatives: one message for it is enough. */
function isAboutSecret(error: ErrorObject): boolean {
  return /^\/settings\/(access_token|app_secret)/.test(error.instancePath);
}

function isFirstAbout(errors: readonly ErrorObject[], error: ErrorObject, path: string): boolean {
  return errors.find((other) => other.instancePath.startsWith(path)) === error;
}

function diagnosticOf(error: ErrorObject): Diagnostic {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const name = path.length === 0 ? 'the file' : `"${path.join('.')}"`;
  if (isAboutSecret(error)) {
    const secretPath = path.slice(0, 2);
    return {
      severity: 'error',
      code: 'SECRET_INLINE',
      path: secretPath,
      message: `"${secretPath.join('.')}" must refer to a secret, not hold it`,
      fix: 'write { "$env": "META_ACCESS_TOKEN" }, the name of an environment variable, or { "$file": "path/of/the/token" }',
    };
  }
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'required':
      return {
        severity: 'error',
        code: 'CONFIG_MISSING',
        path,
        message: `${name} has no "${String(params['missingProperty'])}"`,
        fix: `add "${String(params['missingProperty'])}"`,
      };
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known =
        isObject(error.parentSchema) && isObject(error.parentSchema['properties'])
          ? Object.keys(error.parentSchema['properties'])
          : [];
      const meant = suggest(key, known);
      return {
        severity: 'error',
        code: 'CONFIG_UNKNOWN',
        path: [...path, key],
        atKey: true,
        message: `${name} has no member "${key}"`,
        fix: meant === undefined ? `use one of ${known.join(', ')}` : `did you mean "${meant}"?`,
      };
    }
    case 'type':
      return {
        severity: 'error',
        code: 'CONFIG_TYPE',
        path,
        message: `${name} must be ${article(String(params['type']))}`,
        fix:
          params['type'] === 'string' && typeof error.data === 'number'
            ? 'write the number in quotes'
            : `write ${article(String(params['type']))}${described(error)}`,
      };
    case 'enum':
      return {
        severity: 'error',
        code: 'CONFIG_VALUE',
        path,
        message: `${name} must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`,
        fix: `write one of them${described(error)}`,
      };
    default:
      return {
        severity: 'error',
        code: 'CONFIG_VALUE',
        path,
        message: `${name} ${error.message ?? 'is not valid'}`,
        fix: `change it${described(error)}`,
      };
  }
}

/** What the schema says that the member is. */
function described(error: ErrorObject): string {
  const description = isObject(error.parentSchema) ? error.parentSchema['description'] : undefined;
  return typeof description === 'string' ? `: ${description}` : '';
}

function article(type: string): string {
  if (type === 'string') return 'text';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
