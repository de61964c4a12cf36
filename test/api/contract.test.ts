import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/api/contract/document.ts';
import { type Route, routes } from '../../src/api/contract/routes.ts';

const document = openApiDocument('1.2.3');

describe('the description of the API', () => {
  it('has an operation for each route, and no two routes share one', () => {
    const paths = document['paths'] as Readonly<Record<string, object>>;
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = Object.values(routes).map(({ method, path }) => `${method} /api/v1${path}`);
    expect(described.toSorted()).toEqual(served.toSorted());
  });

  it('names only components that it has, and every schema compiles', () => {
    const ajv = new Ajv2020({ strict: true, strictRequired: false });
    ajv.addVocabulary(['openapi', 'info', 'paths', 'components']);
    ajv.addSchema(document, 'api');
    const { schemas } = document['components'] as { readonly schemas: Readonly<Record<string, object>> };
    const named = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(new Set(named)).toEqual(new Set(Object.keys(schemas)));
    for (const name of Object.keys(schemas)) {
      expect(ajv.getSchema(`api#/components/schemas/${name}`), name).toBeTypeOf('function');
    }
  });

  // The program compiles them for the first request, without a look at whether they are schemas.
  it('describes by schemas what each route is asked', () => {
    const ajv = new Ajv({ strict: false });
    for (const [name, { query, body }] of Object.entries<Route>(routes)) {
      for (const shape of [query, body]) {
        if (shape !== undefined) expect(ajv.validateSchema(shape.schema), name).toBe(true);
      }
    }
  });

  it('is in the package as it is served', () => {
    const packaged = JSON.parse(readFileSync('schema/openapi.json', 'utf8')) as {
      readonly info: { readonly version: string };
    };
    expect(packaged).toEqual(openApiDocument(packaged.info.version));
  });
});
