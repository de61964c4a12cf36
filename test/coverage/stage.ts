import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { loadDestination } from '../../src/config/destination.ts';
import { readSettings } from '../../src/config/environment.ts';
import { loadBuiltInActions } from '../../src/connector/available-actions.ts';
import type { Connector } from '../../src/connector/connector-types.ts';
import { createConnector } from '../../src/connector/connector.ts';
import type { BlockedLane } from '../../src/connector/readiness.ts';
import { isObject, own } from '../../src/core/json.ts';
import type { TelemetryEvent } from '../../src/core/telemetry.ts';
import type { SandboxOptions } from '../../src/sandbox/graph/options.ts';
import type { RequestEntry } from '../../src/sandbox/graph/request-log.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { type Finished, runProgram } from '../support/program.ts';

const actions = await loadBuiltInActions();
export const token = 'a-token-for-coverage';

interface Letter {
  readonly offset: number;
  readonly error: { readonly code: string; readonly message: string; readonly subscription?: string };
}

/** A request as Meta would have got it. */
export interface Received {
  readonly method: string;
  /** Without the version. */
  readonly path: string;
  readonly body: unknown;
  readonly status: number | undefined;
  /** Code and subcode of what was answered. */
  readonly error: string | undefined;
  readonly authorized: boolean;
}

/** What became of records that the real connector read from a file and sent over HTTP. */
export interface Sent {
  /** Of this run, oldest first, as they came in. */
  readonly requests: readonly Received[];
  readonly letters: readonly Letter[];
  readonly told: readonly TelemetryEvent[];
  /** The lanes that waited for a person when nothing went on any more. */
  readonly blocked: readonly BlockedLane[];
  /** Everything was settled and committed. */
  readonly clean: boolean;
}

export interface SendOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** The file's name says how it is read: `.ndjson`, `.csv` … */
  readonly file?: string;
  /** Somebody looks at the lanes that are blocked, and mends the cause; then they go on. */
  readonly mend?: () => Promise<unknown>;
}

/** A sandbox in the place of Meta, and connectors that send to it. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly graph: string;
  /** Runs the connector to the end of the records, or until lanes wait for a person. */
  send(destination: unknown, records: readonly unknown[] | string, options?: SendOptions): Promise<Sent>;
  /** Changes how the sandbox behaves: `faults`, `accounts/77`, `audiences/120`. */
  change(path: string, value: object): Promise<void>;
  mend(): Promise<void>;
  /** Runs a command of the program, with the destination as its mappings if one is given. */
  command(destination: unknown, ...parameters: readonly string[]): Promise<Finished>;
  /** A file for a command. */
  file(name: string, text: string): string;
  close(): Promise<void>;
}

export async function openStage(options: SandboxOptions = {}): Promise<Stage> {
  const sandbox = createSandbox({ audiences: [{ id: '120', accountId: '77', name: 'Members' }], ...options });
  const graph = await sandbox.listen();
  const folder = mkdtempSync(join(tmpdir(), 'coverage-'));
  const environment = {
    META_ACCESS_TOKEN: token,
    META_GRAPH_URL: graph,
    OPS_PORT: '0',
    LOG_LEVEL: 'silent',
    // A busy machine is no fault of Meta's: no request is given up and repeated.
    META_REQUEST_TIMEOUT_MS: '300000',
    SHUTDOWN_TIMEOUT_MS: '10000',
  };
  let runs = 0;

  function file(name: string, text: string): string {
    runs += 1;
    const path = join(folder, `${runs}-${name}`);
    writeFileSync(path, text);
    return path;
  }

  async function send(destination: unknown, records: readonly unknown[] | string, more: SendOptions = {}) {
    const text = typeof records === 'string' ? records : records.map((one) => `${JSON.stringify(one)}\n`).join('');
    const source = file(more.file ?? 'events.ndjson', text);
    const settings = { ...environment, ...more.environment };
    const loaded = loadDestination('coverage.json', unhurried(destination), { actions, environment: settings });
    if (loaded.destination === undefined) throw new Error(JSON.stringify(loaded.problems));
    const told: TelemetryEvent[] = [];
    const before = sandbox.state.requests().at(-1)?.id ?? 0;
    const connector = createConnector({
      settings: readSettings(settings),
      destinations: [loaded.destination],
      source: `file:${source}`,
      deadLetters: `file:${source}.letters`,
      observers: [{ emit: (event) => told.push(event) }],
    });
    const { blocked, clean } = await runToEnd(connector, more.mend);
    const requests = sandbox.state.requests().flatMap((entry) => (entry.id > before ? [received(entry)] : []));
    return { requests, letters: lettersIn(`${source}.letters`), told, blocked, clean };
  }

  return {
    sandbox,
    graph,
    send,
    file,
    async change(path, value) {
      const answer = await fetch(`${graph}/_sandbox/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(value),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async mend() {
      await fetch(`${graph}/_sandbox/faults`, { method: 'DELETE' });
    },
    command(destination, ...parameters) {
      const mappings = destination === undefined ? [] : ['--mappings', file('destination.json', textOf(destination))];
      return runProgram([...parameters, ...mappings], { environment });
    },
    async close() {
      await sandbox.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function received({ method, path, body, status, error, headers }: RequestEntry): Received {
  const text = body?.bytes.toString() ?? '';
  return {
    method,
    path: path.replace(/^\/v[\d.]+/, ''),
    body: body?.kind === 'json' ? JSON.parse(text) : text,
    status,
    error,
    authorized: headers['authorization']?.startsWith('Bearer ') === true,
  };
}

/** The destination, whose batches are closed by the end of the records and not by a clock, unless it says otherwise. */
function unhurried(destination: unknown): string {
  const file = parse(textOf(destination)) as { readonly settings: { readonly batch?: object } };
  const { batch } = file.settings;
  return JSON.stringify({
    ...file,
    settings: { ...file.settings, batch: { linger_ms: 10_000, idle_linger_ms: 10_000, ...batch } },
  });
}

function textOf(destination: unknown): string {
  return typeof destination === 'string' ? destination : JSON.stringify(destination);
}

async function runToEnd(connector: Connector, mend: (() => Promise<unknown>) | undefined) {
  let blocked: readonly BlockedLane[] = [];
  try {
    await connector.start();
    const finished = connector.finished();
    blocked = await blockedOr(finished, connector);
    if (blocked.length > 0 && mend !== undefined) {
      await mend();
      connector.resume();
      await finished;
    } else if (blocked.length > 0) connector.writeDeadLetters();
  } finally {
    await connector.stop();
  }
  return { blocked, clean: await connector.stop() };
}

const lookMillis = 10;

/** Lanes that wait; none when everything has come to its end. */
function blockedOr(finished: Promise<void>, connector: Connector): Promise<readonly BlockedLane[]> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      if (connector.blocked().length > 0) end(connector.blocked());
    }, lookMillis);
    const end = (lanes: readonly BlockedLane[]) => {
      clearInterval(timer);
      resolve(lanes);
    };
    finished.then(() => end([]), reject);
    connector.failed().catch(reject);
  });
}

/** Each once: a dead letter may be written again. */
function lettersIn(path: string): readonly Letter[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  const letters = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Letter);
  return [...new Map(letters.map((letter) => [`${letter.offset} ${letter.error.subscription}`, letter])).values()];
}

/** What `validate` says of a destination, before anything runs. */
export function problemsOf(destination: unknown, environment: Readonly<Record<string, string>> = {}) {
  return loadDestination('coverage.json', textOf(destination), { actions, environment }).problems;
}

/** Rows of a request to an audience, by their columns. */
export function rowsOf({ body }: Pick<Received, 'body'>): readonly Readonly<Record<string, unknown>>[] {
  const payload = own(body, 'payload');
  const [schema, data] = [own(payload, 'schema'), own(payload, 'data')];
  if (!Array.isArray(schema) || !Array.isArray(data)) return [];
  return data.map((row: readonly unknown[]) => Object.fromEntries(schema.map((key: string, at) => [key, row[at]])));
}

/** Events of a request to a pixel. */
export function eventsOf({ body }: Pick<Received, 'body'>): readonly Readonly<Record<string, unknown>>[] {
  const data = own(body, 'data');
  return Array.isArray(data) ? data.filter(isObject) : [];
}

/** Requests that change something: events, and rows of audiences. */
export function changesIn({ requests }: Pick<Sent, 'requests'>): readonly Received[] {
  return requests.filter(({ path }) => /\/(events|users|usersreplace)$/.test(path));
}
