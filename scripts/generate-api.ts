/** Writes schema/openapi.json, the description of the API on the ops port, from its table of routes. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openApiDocument } from '../src/api/contract/document.ts';
import { writeSchema } from './write-schema.ts';

const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package.json'), 'utf8')) as {
  readonly version: string;
};
writeSchema('openapi.json', openApiDocument(version));
