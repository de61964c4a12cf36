import type { JsonObject } from '../../core/json.ts';
import { refusalShape } from './failures.ts';
import { type Route, routes } from './routes.ts';
import type { Shape } from './shape.ts';

export const apiPath = '/api/v1';

const reasons: Readonly<Record<number, string>> = {
  400: 'The request is wrong; the error says what.',
  401: 'OPS_TOKEN is needed: Authorization: Bearer, or Basic with any user and the token as the password.',
  403: "It comes from another origin, the page's token is missing, or it isn't allowed here.",
  404: 'There is none of that name.',
  409: 'Not now: the error says why.',
  413: 'The body is too large.',
  500: 'A fault of the program.',
  503: 'It can not be had at the moment.',
};

const always = [400, 401, 403, 500, 503];

/** The API's description as OpenAPI 3.1, made from the table of routes. */
export function openApiDocument(version: string): JsonObject {
  const all: readonly Route[] = Object.values(routes);
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of all) {
    const at = `${apiPath}${route.path}`;
    paths[at] = { ...paths[at], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'meta-actions',
      version,
      description:
        "The API on the ops port, which the console, `tail` and `top` use. On a loopback address reading is open; elsewhere OPS_TOKEN is needed. What changes something needs the header x-meta-actions-token with the token that /api/v1/session gives, unless the request carries OPS_TOKEN as a Bearer token. Identifiers of people are '[hidden]' by default. Times are Unix milliseconds.",
    },
    paths,
    components: {
      schemas: Object.assign({}, ...all.map(componentsOf), refusalShape.components) as JsonObject,
    },
  };
}

function componentsOf({ query, body, answer }: Route): JsonObject {
  return Object.assign({}, query?.components, body?.components, answer.components) as JsonObject;
}

function operationOf(route: Route): JsonObject {
  const { summary, body, status, answer, stream, refusals = [] } = route;
  const codes = [...always, ...refusals].sort((a, b) => a - b);
  const type = stream === true ? 'text/event-stream' : 'application/json';
  return {
    summary,
    parameters: [...pathParameters(route.path), ...queryParameters(route.query)],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: body.schema } } },
    }),
    responses: {
      [status]: { description: 'Done.', content: { [type]: { schema: answer.schema } } },
      ...Object.fromEntries(codes.map((code) => [code, refusalOf(code)])),
    },
  };
}

function refusalOf(code: number): JsonObject {
  return { description: reasons[code], content: { 'application/json': { schema: refusalShape.schema } } };
}

function pathParameters(path: string): readonly JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(query: Shape<unknown> | undefined): readonly JsonObject[] {
  const properties = (query?.schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema,
  }));
}
