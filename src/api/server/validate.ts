import { Ajv, type ValidateFunction } from 'ajv';
import type { Route } from '../contract/routes.ts';
import type { Shape } from '../contract/shape.ts';

/** Checks what a route is asked. Texts of the query become the numbers and booleans that they stand for. */
export interface RequestCheck {
  /** What is wrong, in words; undefined: nothing. */
  query(query: unknown): string | undefined;
  body(body: unknown): string | undefined;
}

/** The schema of schemas isn't compiled to check ours: a test does it. */
const ours = { strict: false, meta: false, validateSchema: false };
const queries = new Ajv({ ...ours, coerceTypes: true });
const bodies = new Ajv(ours);

export function requestCheckOf({ query, body }: Route): RequestCheck {
  return {
    query: query === undefined ? passes : checkBy(queries, query, 'the query'),
    body: body === undefined ? passes : checkBy(bodies, body, 'the body'),
  };
}

const passes = () => undefined;

/** Compiled for the first request. */
function checkBy(ajv: Ajv, shape: Shape<unknown>, what: string): (value: unknown) => string | undefined {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= ajv.compile({ ...shape.schema, components: { schemas: shape.components } });
    return problemOf(validate, value, what);
  };
}

function problemOf(validate: ValidateFunction, value: unknown, what: string): string | undefined {
  if (validate(value)) return undefined;
  const [error] = validate.errors ?? [];
  const { instancePath = '', message = 'is wrong', params = {} } = error ?? {};
  const extra: unknown = params['additionalProperty'];
  // A name is the caller's own text: it is repeated only where it is a plain one.
  const named = typeof extra === 'string' && /^\w{1,40}$/.test(extra) ? ` (${extra})` : '';
  return `${what}${instancePath.replaceAll('/', '.')} ${message}${named}`;
}
