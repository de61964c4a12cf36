import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { openApiDocument } from '../../src/api/contract/document.ts';
import { activeMappings } from '../../src/cli/command/active-mappings.ts';
import { readSettings } from '../../src/config/environment.ts';
import { loadDestinations } from '../../src/config/load.ts';
import { loadAvailableActions } from '../../src/connector/available-actions.ts';
import type { Connector } from '../../src/connector/connector-types.ts';
import { createConnector } from '../../src/connector/connector.ts';
import { createDeadLetterBrowser, deadLetterPlace } from '../../src/connector/endpoints.ts';
import { systemClock } from '../../src/connector/system-clock.ts';
import type { MembersTopic } from '../../src/core/members-topic.ts';
import type { TelemetryEvent } from '../../src/core/telemetry.ts';
import { createStreamSource } from '../../src/file/stream-source.ts';
import { replayScope } from '../../src/replay/replay-source.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';

export interface ApiStageOptions {
  /** Lines of the source file. */
  readonly events?: readonly object[];
  /** By file name; default: one destination `shop` that sends purchases and page views. */
  readonly mappings?: Readonly<Record<string, object>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** The source goes on until the stage is closed: `feed` adds to it. */
  readonly follow?: true;
  readonly membersTopic?: MembersTopic;
}

export interface Asked {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without the page's token. */
  readonly bare?: true;
}

/** A connector on a file, between a sandbox and whoever asks its API. Every answer is checked against the description. */
export interface ApiStage {
  readonly url: string;
  readonly folder: string;
  readonly graph: string;
  readonly connector: Connector;
  readonly sandbox: Sandbox;
  /** Everything that telemetry was told. */
  readonly told: readonly TelemetryEvent[];
  ask<T = Record<string, unknown>>(path: string, asked?: Asked): Promise<{ readonly status: number; readonly body: T }>;
  /** The body of an answer with status 200 or 201. */
  get<T = Record<string, unknown>>(path: string): Promise<T>;
  post<T = Record<string, unknown>>(path: string, body?: unknown): Promise<T>;
  write(file: string, value: object): void;
  /** More events, of a stage that follows. */
  feed(events: readonly object[]): void;
  close(): Promise<void>;
}

export const shopMapping = {
  name: 'shop',
  settings: { pixel_id: '1234567890', access_token: { $env: 'META_ACCESS_TOKEN' } },
  subscriptions: [
    { name: 'Orders', action: 'purchase' },
    { name: 'Pages', action: 'page-view' },
  ],
};

export async function openApiStage(options: ApiStageOptions = {}): Promise<ApiStage> {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  const mappingsFolder = join(folder, 'mappings');
  const sandbox = createSandbox();
  const graph = await sandbox.listen();
  const file = join(folder, 'events.ndjson');
  writeFileSync(file, (options.events ?? []).map((event) => `${JSON.stringify(event)}\n`).join(''));
  mkdirSync(mappingsFolder);
  const write = (name: string, value: object) =>
    writeFileSync(join(mappingsFolder, name), JSON.stringify(value, null, 2));
  for (const [name, value] of Object.entries(options.mappings ?? { 'shop.json': shopMapping })) write(name, value);
  const environment = {
    LOG_LEVEL: 'silent',
    OPS_PORT: '0',
    META_GRAPH_URL: graph,
    META_ACCESS_TOKEN: 'test-access-token',
    NO_PROXY: '*',
    no_proxy: '*',
    ...options.environment,
  };
  const actions = await loadAvailableActions();
  const load = async () => loadDestinations(mappingsFolder, { actions, environment });
  const { destinations, problems } = await load();
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const settings = readSettings(environment);
  const endpoints = { settings, source: `file:${file}`, deadLetters: `file:${file}.dead-letters.ndjson` };
  const fed = new PassThrough();
  const mappings = activeMappings({ destinations, load, connector: () => connector });
  const told: TelemetryEvent[] = [];
  const api = createApi({
    ...{ ...endpoints, mappings, now: Date.now, version: '1.2.3' },
    deadLetters: () => deadLetterPlace(endpoints),
    membersTopic: () => options.membersTopic,
    browser: () => createDeadLetterBrowser(endpoints, systemClock),
    // No machine is so busy that it takes half of it.
    explaining: { maxMillis: 600_000 },
  });
  const connector = createConnector({
    ...endpoints,
    ...(options.follow === true && { replay: followed(fed) }),
    destinations,
    observers: [api.observer, { emit: (event) => void told.push(event) }],
    watch: api.watch,
    serve: api.serve,
  });
  await connector.start();
  const url = connector.opsUrl();
  let pageToken: string | undefined;

  async function ask<T>(path: string, { method = 'GET', body, headers = {}, bare }: Asked = {}) {
    if (method === 'POST' && bare !== true) {
      pageToken ??= ((await (await fetch(`${url}/api/v1/session`, { headers })).json()) as { token: string }).token;
    }
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(method === 'POST' && { 'content-type': 'application/json' }),
        ...(method === 'POST' && bare !== true && { 'x-meta-actions-token': pageToken ?? '' }),
        ...headers,
      },
      ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(body ?? {}) }),
    });
    const value = (await answer.json()) as T;
    expectDescribed(method, path, answer.status, value);
    return { status: answer.status, body: value };
  }

  async function succeeded<T>(path: string, asked: Asked): Promise<T> {
    const { status, body } = await ask<T>(path, asked);
    expect(status, JSON.stringify(body)).toBeOneOf([200, 201]);
    return body;
  }

  return {
    url,
    folder,
    graph,
    feed: (events) => void fed.write(events.map((event) => `${JSON.stringify(event)}\n`).join('')),
    connector,
    sandbox,
    told,
    ask,
    get: (path) => succeeded(path, {}),
    post: (path, body) => succeeded(path, { method: 'POST', body }),
    write,
    async close() {
      await connector.stop();
      await sandbox.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A stream in the place of dead letters that are replayed: the only source that a connector takes as an object. */
function followed(stream: PassThrough) {
  const source = createStreamSource(stream, { now: Date.now });
  return { source, scope: replayScope(undefined), wants: () => true };
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

const document = openApiDocument('1.2.3');
const paths = document['paths'] as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(document, 'api');
const compiled = new Map<object, ValidateFunction>();

/** Fails unless the description has the route, and says that it may answer so. */
function expectDescribed(method: string, path: string, status: number, body: unknown): void {
  const [at = ''] = path.split('?', 1);
  const operation = operationOf(method, `/api/v1${at}`);
  if (operation === undefined) {
    expect([status, path]).toEqual([404, path]);
    return;
  }
  const schema = operation.responses[status]?.content?.['application/json']?.schema;
  expect(schema, `${method} ${at} may not answer ${status}: ${JSON.stringify(body)}`).toBeDefined();
  if (schema === undefined) return;
  const validate = compiled.get(schema) ?? ajv.compile(referring(schema));
  compiled.set(schema, validate);
  validate(body);
  expect(validate.errors ?? [], `${method} ${at} ${JSON.stringify(body).slice(0, 2000)}`).toEqual([]);
}

function operationOf(method: string, path: string): Operation | undefined {
  const exact = paths[path];
  const found = exact ?? Object.entries(paths).find(([template]) => matches(template, path))?.[1];
  return found?.[method.toLowerCase()];
}

function matches(template: string, path: string): boolean {
  const parts = path.split('/');
  const wanted = template.split('/');
  return parts.length === wanted.length && wanted.every((part, at) => part.startsWith('{') || part === parts[at]);
}

/** The schema with references to the description from outside of it. */
function referring(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')) as object;
}
