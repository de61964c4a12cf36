import { Ajv, type ValidateFunction } from 'ajv';
import type { Route } from '../contract/routes.ts';
import type { Shape } from '../contract/shape.ts';

/** Checks what a route is asked. Texts of the query become the numbers and booleans that they stand for. */
export interface RequestCheck {
  /** What is wrong, in words; undefined: nothing. */
  query(query: unknown): string | undefined;
  body(body: unknown): string | undefined;
}

const queries = new Ajv({ coerceTypes: true, strict: false });
const bodies = new Ajv({ strict: false });

export function requestCheckOf({ query, body }: Route): RequestCheck {
  const [ofQuery, ofBody] = [compiled(queries, query), compiled(bodies, body)];
  return {
    query: (value) => problemOf(ofQuery, value, 'the query'),
    body: (value) => problemOf(ofBody, value, 'the body'),
  };
}

function compiled(ajv: Ajv, shape: Shape<unknown> | undefined): ValidateFunction | undefined {
  return shape && ajv.compile({ ...shape.schema, components: { schemas: shape.components } });
}

function problemOf(validate: ValidateFunction | undefined, value: unknown, what: string): string | undefined {
  if (validate === undefined || validate(value)) return undefined;
  const [error] = validate.errors ?? [];
  const { instancePath = '', message = 'is wrong', params = {} } = error ?? {};
  const extra: unknown = params['additionalProperty'];
  // A name is the caller's own text: it is repeated only where it is a plain one.
  const named = typeof extra === 'string' && /^\w{1,40}$/.test(extra) ? ` (${extra})` : '';
  return `${what}${instancePath.replaceAll('/', '.')} ${message}${named}`;
}
